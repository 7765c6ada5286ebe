namespace DropboxOktaProvisioning.Engine;

/// <summary>Something that a running command may want to show. Never holds a secret.</summary>
/// <remarks>The engine reports through <see cref="IProgress{T}"/>; a command shows it from its own thread.</remarks>
public abstract record RunEvent;

/// <summary>One request was answered.</summary>
/// <param name="Service">Okta or Dropbox.</param>
/// <param name="Method">The HTTP verb.</param>
/// <param name="Path">
/// Path and query. Of the query's values only those of <c>limit</c>, <c>expand</c> and <c>filter</c> are there: the others name people or are
/// cursors, and an ellipsis stands for them. A login may stand in the path.
/// </param>
/// <param name="StatusCode">The answer's status, 0 when there was none.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record RequestDone(string Service, string Method, string Path, int StatusCode, TimeSpan Elapsed) : RunEvent;

/// <summary>A wait before the next try begins.</summary>
/// <param name="Service">Okta or Dropbox.</param>
/// <param name="Reason">Why, in a sentence: the rate limit, a server error, a broken connection.</param>
/// <param name="Delay">For how long.</param>
/// <param name="Until">Until when, UTC.</param>
/// <param name="Attempt">Which try failed, from 1; 0 for a wait ahead of the first, so that none fails.</param>
public sealed record Waiting(string Service, string Reason, TimeSpan Delay, DateTimeOffset Until, int Attempt) : RunEvent;

/// <summary>A list is read again from its first page; what was read of it is thrown away.</summary>
/// <param name="Service">Okta or Dropbox.</param>
/// <param name="About">The list.</param>
/// <param name="Read">How many of its entries were read.</param>
/// <param name="Reason">Why, in a sentence.</param>
public sealed record Restarting(string Service, string About, int Read, string Reason) : RunEvent;

/// <summary>Work of a kind has come this far.</summary>
/// <param name="Activity">What is going on.</param>
/// <param name="Done">How many are done.</param>
/// <param name="Total">Of how many, if known.</param>
public sealed record Advanced(string Activity, int Done, int? Total) : RunEvent
{
    /// <summary>How long it takes still, waits that are known included; null where that is not reckoned.</summary>
    public TimeSpan? Left { get; init; }
}

/// <summary>How the work is done, for who wants to know it exactly.</summary>
/// <param name="Message">What, in a sentence.</param>
public sealed record Remark(string Message) : RunEvent;

/// <summary>Something that the admin should know and that stops nothing.</summary>
/// <param name="Message">What, and what to do.</param>
public sealed record Caution(string Message) : RunEvent;
