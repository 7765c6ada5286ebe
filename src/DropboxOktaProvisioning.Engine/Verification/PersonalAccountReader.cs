using DropboxOktaProvisioning.Engine.Dropbox;

namespace DropboxOktaProvisioning.Engine.Verification;

/// <summary>How much of the team's log is read for personal accounts.</summary>
public enum LogReading
{
    /// <summary>The categories where personal accounts show: domains, members and sharing.</summary>
    Telling,

    /// <summary>All of it: on a busy team many times as much.</summary>
    Whole,

    /// <summary>Nothing, which needs no <c>events.read</c>.</summary>
    None,
}

/// <summary>Reads the list of members and the team's log into a <see cref="PersonalAccountBook"/>, each to its end.</summary>
public sealed class PersonalAccountReader(DropboxTeamClient dropbox)
{
    // One call takes one category (dropbox.md §3.3). Accounts outside the team show where things are shared with them.
    private static readonly string[] Telling = ["domains", "members", "sharing"];

    /// <summary>Reads. A list or a log that broke throws, and then nothing may be concluded from the book.</summary>
    /// <param name="book">What to read into.</param>
    /// <param name="reading">How much of the log.</param>
    /// <param name="since">How far back the log is read.</param>
    /// <param name="progress">Who wants to hear of it.</param>
    /// <param name="cancel">Ends it at once.</param>
    public async Task ReadAsync(PersonalAccountBook book, LogReading reading, DateTimeOffset since, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        foreach (var member in (await ReadMembersAsync(progress, cancel)).SelectMany(page => page)) book.Add(member);
        var events = 0;

        IEnumerable<string?> categories = reading switch { LogReading.None => [], LogReading.Whole => new string?[] { null }, _ => Telling };
        foreach (var category in categories)
        {
            await foreach (var page in dropbox.ListEventsAsync(new DropboxEventQuery { Category = category, Since = since }, progress, cancel))
            {
                foreach (var one in page) book.Add(one);
                events += page.Count;
                progress?.Report(new Advanced("Reading the team's log from Dropbox", events, null));
            }
        }
    }

    private async Task<IReadOnlyList<IReadOnlyList<DropboxMember>>> ReadMembersAsync(IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        var pages = new List<IReadOnlyList<DropboxMember>>();
        await new TeamMembers(dropbox, progress).ReadAsync(
            pages.Clear,
            page =>
            {
                pages.Add(page);
                progress?.Report(new Advanced("Reading members from Dropbox", pages.Sum(one => one.Count), null));
            },
            () => pages.SelectMany(page => page).DistinctBy(member => member.TeamMemberId).Aggregate(default(TeamCount), (count, member) => count.With(MemberFields.Of(member))), cancel);
        return pages;
    }
}
