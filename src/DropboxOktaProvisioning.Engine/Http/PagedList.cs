using System.Runtime.CompilerServices;

namespace DropboxOktaProvisioning.Engine.Http;

/// <summary>Reads lists page by page, one page ahead. It ends only when the service says that it was the last page; anything else throws.</summary>
internal static class PagedList
{
    /// <summary>So many pages in a row may have nobody on them where that is no cause for doubt; a list that only ever goes on would keep a run busy for good.</summary>
    private const int MostEmptyPages = 100;

    /// <summary>Reads a list.</summary>
    /// <param name="first">The request for the first page.</param>
    /// <param name="send">Sends a request.</param>
    /// <param name="open">The request for the page after an answer, null on the last page; and how to read this one while that is under way.</param>
    /// <param name="service">The service's name.</param>
    /// <param name="doubtsEmptyPages">
    /// Whether a page with nobody on it is asked for once more, at its own place in the list, and the second answer counts: two answers seldom lack the same. Where both say that
    /// the list ends there, it does; where one of them goes on, people would be missing, and the list is an error.
    /// </param>
    /// <param name="cancel">Ends it at once. Leaving early cancels the page that is under way, and waits until it is gone.</param>
    public static async IAsyncEnumerable<IReadOnlyList<T>> ReadAsync<T>(
        ServiceRequest first, Func<ServiceRequest, CancellationToken, Task<Answer>> send,
        Func<Answer, (ServiceRequest? Next, Func<IReadOnlyList<T>> Read)> open, string service, bool doubtsEmptyPages, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        ServiceRequest current = first;
        Task<Answer>? ahead = send(first, leave.Token);
        int empty = 0;
        bool wentOn = false;
        try
        {
            while (ahead is not null)
            {
                IReadOnlyList<T> page;
                ServiceRequest? next;
                ServiceRequest asked = current;
                using (Answer answer = await ahead)
                {
                    ahead = null;
                    (next, Func<IReadOnlyList<T>> read) = open(answer);
                    if (next is not null)
                    {
                        if (!seen.Add(next.Cursor!)) throw Repeated(service, first);
                        ahead = send(current = next, leave.Token);
                    }

                    page = read();
                }

                empty = page.Count > 0 ? 0 : empty + 1;
                if (page.Count > 0)
                {
                    yield return page;
                }
                else if (doubtsEmptyPages && empty == 1)
                {
                    // The second answer names the next page itself, so what was asked for ahead is let go.
                    wentOn = next is not null;
                    if (next is not null) seen.Remove(next.Cursor!);
                    if (ahead is not null) await DiscardAsync(ahead);
                    ahead = send(current = asked, leave.Token);
                }
                else if (doubtsEmptyPages && (wentOn || next is not null)) throw Gap(service, first);
                else if (empty > MostEmptyPages) throw Endless(service, first);
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

    private static ServiceException Gap(string service, ServiceRequest first) => new(
        ErrorIds.IncompleteList, ProblemCategory.InvalidData, service,
        $"{service} twice had nobody on a page of {first.About} behind which the list goes on: whoever belongs there would be missing.",
        "Run the command again; if it goes on, report it to the service.", first.Target);

    private static ServiceException Endless(string service, ServiceRequest first) => new(
        ErrorIds.IncompleteList, ProblemCategory.InvalidData, service,
        $"{service} named ever more pages of {first.About} and had nothing on {MostEmptyPages} of them in a row: the list does not come to its end.",
        "Run the command again; if it goes on, report it to the service.", first.Target);
}
