using System.Runtime.CompilerServices;

namespace DropboxOktaProvisioning.Engine.Http;

/// <summary>Reads lists page by page, one page ahead. It ends only when the service says that it was the last page; anything else throws.</summary>
internal static class PagedList
{
    /// <summary>So many pages in a row may have nobody on them; a list that only ever goes on would keep a run busy for good.</summary>
    private const int MostEmptyPages = 100;

    /// <summary>Reads a list.</summary>
    /// <param name="first">The request for the first page.</param>
    /// <param name="send">Sends a request.</param>
    /// <param name="open">The request for the page after an answer, null on the last page; and how to read this one while that is under way.</param>
    /// <param name="service">The service's name.</param>
    /// <param name="doubtsEmptyEnd">
    /// Whether a last page with nobody on it, the first one too, is asked for once more, for a service that tells no total to hold the list against: two answers seldom lack the same.
    /// </param>
    /// <param name="cancel">Ends it at once. Leaving early cancels the page that is under way, and waits until it is gone.</param>
    public static async IAsyncEnumerable<IReadOnlyList<T>> ReadAsync<T>(
        ServiceRequest first, Func<ServiceRequest, CancellationToken, Task<Answer>> send,
        Func<Answer, (ServiceRequest? Next, Func<IReadOnlyList<T>> Read)> open, string service, bool doubtsEmptyEnd, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        ServiceRequest current = first;
        Task<Answer>? ahead = send(first, leave.Token);
        int empty = 0;
        bool wasAskedTwice = false;
        try
        {
            while (ahead is not null)
            {
                IReadOnlyList<T> page;
                ServiceRequest asked = current;
                using (Answer answer = await ahead)
                {
                    ahead = null;
                    (ServiceRequest? next, Func<IReadOnlyList<T>> read) = open(answer);
                    if (next is not null)
                    {
                        if (!seen.Add(next.Cursor!)) throw Repeated(service, first);
                        ahead = send(current = next, leave.Token);
                    }

                    page = read();
                }

                // Each place in the list where it seems to end is doubted for itself.
                if (page.Count > 0) wasAskedTwice = false;
                if (doubtsEmptyEnd && page.Count == 0 && ahead is null && !wasAskedTwice)
                {
                    wasAskedTwice = true;
                    ahead = send(asked, leave.Token);
                }

                empty = page.Count > 0 ? 0 : empty + 1;
                if (empty > MostEmptyPages) throw Endless(service, first);
                if (page.Count > 0) yield return page;
            }
        }
        finally
        {
            if (ahead is not null)
            {
                await leave.CancelAsync();
                await DiscardAsync(ahead);
            }
        }
    }

    /// <summary>Nobody wants this page any more, so what became of it is of no interest.</summary>
    private static async Task DiscardAsync(Task<Answer> page)
    {
        try
        {
            (await page).Dispose();
        }
        catch (Exception e) when (e is OperationCanceledException or ProvisioningException)
        {
        }
    }

    private static ServiceException Repeated(string service, ServiceRequest first) => new(
        ErrorIds.RepeatedPage, ProblemCategory.InvalidData, service,
        $"{service} named a page of {first.About} as the next one that was read already: the list would never end.",
        "Run the command again; if it goes on, report it to the service.", first.Target);

    private static ServiceException Endless(string service, ServiceRequest first) => new(
        ErrorIds.IncompleteList, ProblemCategory.InvalidData, service,
        $"{service} named ever more pages of {first.About} and had nothing on {MostEmptyPages} of them in a row: the list does not come to its end.",
        "Run the command again; if it goes on, report it to the service.", first.Target);
}
