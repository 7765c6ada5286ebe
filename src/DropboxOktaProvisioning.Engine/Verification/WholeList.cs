using System.Net;
using DropboxOktaProvisioning.Engine.Http;

namespace DropboxOktaProvisioning.Engine.Verification;

/// <summary>Reads a list to its end, and anew from its first page where the service lost the place in it, or did not manage a page whose size is fixed.</summary>
/// <param name="about">The list, for messages: <c>the app's users</c>.</param>
/// <param name="progress">Who wants to hear of it.</param>
internal sealed class WholeList(string about, IProgress<RunEvent>? progress)
{
    /// <summary>So often a list is begun again; one that breaks more often is an error.</summary>
    public const int MostRestarts = 3;

    /// <summary>The size of the first page, where the list is asked for by size and keeps that to its end; 0 where it is not.</summary>
    public int PageSize { get; init; }

    /// <summary>Reads it.</summary>
    /// <param name="open">Begins the list, with pages of a size.</param>
    /// <param name="forget">Throws away what was taken of an earlier reading: two never mix.</param>
    /// <param name="take">Takes a page.</param>
    /// <exception cref="ServiceException">The list broke for good; the message says how far it had come.</exception>
    public async Task ReadAsync<T>(Func<int, IAsyncEnumerable<IReadOnlyList<T>>> open, Action forget, Action<IReadOnlyList<T>> take)
    {
        var size = PageSize;
        for (var restarts = 0; ; restarts++)
        {
            var read = 0;
            try
            {
                await foreach (var page in open(size))
                {
                    take(page);
                    read += page.Count;
                }

                return;
            }
            catch (ServiceException broken)
            {
                if (restarts == MostRestarts || !IsWorthAnother(broken, size)) throw broken.After(read, about);
                // To the list's end: to grow back would be one more beginning.
                if (broken.ErrorId != ErrorIds.CursorExpired) size /= 2;
                forget();
                progress?.Report(new Restarting(broken.Service, about, read, broken.Message));
            }
        }
    }

    private static bool IsWorthAnother(ServiceException broken, int size) =>
        broken.ErrorId == ErrorIds.CursorExpired
        || (size / 2 >= Http.PageSize.Smallest
            && (Http.PageSize.IsTooMuch((HttpStatusCode)broken.StatusCode) || broken.Category is ProblemCategory.OperationTimeout));
}
