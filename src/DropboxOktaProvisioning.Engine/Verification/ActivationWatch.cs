using System.Runtime.CompilerServices;
using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Refresh;

namespace DropboxOktaProvisioning.Engine.Verification;

/// <summary>Waits for people to join the team: the team's log says when to look at whom, and the member's own record decides.</summary>
/// <remarks>
/// A round in which nothing happens is one request. Where the log cannot be read, everybody who is waited for is asked for each time, a hundred to a
/// request. Once an hour they are anyway, since no source says that a log is complete.
/// </remarks>
public sealed class ActivationWatch(DropboxTeamClient dropbox, Verifier verifier, TimeProvider time)
{
    private static readonly TimeSpan Overlap = TimeSpan.FromHours(1), CheckAll = TimeSpan.FromHours(1);

    private readonly List<DropboxUserStatus> _left = [];
    private string? _cursor;
    private DateTimeOffset _checkedAll;
    private bool _isDown;

    /// <summary>Those who have not joined so far.</summary>
    public IReadOnlyList<DropboxUserStatus> Left => _left;

    /// <summary>Takes the place in the log. It is done before people are looked at, so that nobody joins unseen between the two.</summary>
    public async Task BeginAsync(IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        try
        {
            _checkedAll = time.GetUtcNow();
            _cursor = (await dropbox.BeginEventsAsync(DropboxChanges.Category, _checkedAll - Overlap, progress, cancel)).Cursor;
        }
        catch (ServiceException refused) when (refused.ErrorId is ErrorIds.MissingScope or ErrorIds.PermissionDenied or ErrorIds.CursorExpired)
        {
            _cursor = null;
            progress?.Report(new Caution($"The team's log cannot be followed, so everybody who is waited for is asked for each time, a request for a hundred. {refused.RecommendedAction}"));
        }
    }

    /// <summary>The people, each once and as soon as joined: first who has already, then the others. It ends when all have, or time is up.</summary>
    /// <param name="people">Whom to wait for.</param>
    /// <param name="interval">How long between two looks.</param>
    /// <param name="timeout">For how long; null until all have joined.</param>
    /// <param name="progress">Where events go.</param>
    /// <param name="cancel">Stops it at once.</param>
    public async IAsyncEnumerable<DropboxUserStatus> RunAsync(
        IReadOnlyList<DropboxUserStatus> people, TimeSpan interval, TimeSpan? timeout, IProgress<RunEvent>? progress, [EnumeratorCancellation] CancellationToken cancel)
    {
        _left.AddRange(people.Where(person => !HasJoined(person)));
        foreach (var person in people.Where(HasJoined)) yield return person;
        var end = timeout is { } most ? time.GetUtcNow() + most : (DateTimeOffset?)null;
        while (_left.Count > 0 && !(end - time.GetUtcNow() <= TimeSpan.Zero))
        {
            progress?.Report(new Advanced("Waiting for people to sign on", people.Count - _left.Count, people.Count));
            await Task.Delay(end - time.GetUtcNow() is { } rest && rest < interval ? rest : interval, time, cancel);
            foreach (var person in await LookAsync(progress, cancel)) yield return person;
        }
    }

    private static bool HasJoined(DropboxUserStatus person) => person.DropboxStatus == "active";

    private async Task<IReadOnlyList<DropboxUserStatus>> LookAsync(IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        try
        {
            var joined = await JoinedAsync(await SuspectsAsync(progress, cancel), progress, cancel);
            _left.RemoveAll(person => joined.Any(one => IsSame(one.TeamMemberId, one.Email, person)));
            _isDown = false;
            return joined;
        }
        catch (ServiceException outage) when (outage.ErrorId is ErrorIds.ServiceFailed or ErrorIds.ServiceUnreachable or ErrorIds.RateLimitExceeded)
        {
            // A wait outlives an outage. Nobody is lost by it: afterwards all are looked at.
            if (!_isDown) progress?.Report(new Caution($"{outage.Message} The wait goes on."));
            (_isDown, _checkedAll) = (true, DateTimeOffset.MinValue);
            return [];
        }
    }

    /// <summary>Who of those waited for may have joined since the last look.</summary>
    private async Task<IReadOnlyList<DropboxUserStatus>> SuspectsAsync(IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        if (_cursor is null) return _left;
        Changes changes;
        try
        {
            var batch = await dropbox.ContinueEventsAsync(_cursor, progress, cancel);
            _cursor = batch.Cursor;
            changes = DropboxChanges.Of(batch.Events);
        }
        catch (ServiceException lost) when (lost.ErrorId == ErrorIds.CursorExpired)
        {
            await BeginAsync(progress, cancel);
            return [.. _left];
        }

        if (changes.Why is null && time.GetUtcNow() - _checkedAll < CheckAll)
            return [.. _left.Where(person => changes.Ids.Any(id => id == person.TeamMemberId || id.Equals(person.Email, StringComparison.OrdinalIgnoreCase) || person.TeamMemberId is null))];
        _checkedAll = time.GetUtcNow();
        return [.. _left];
    }

    private async Task<List<DropboxUserStatus>> JoinedAsync(IReadOnlyList<DropboxUserStatus> suspects, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        var joined = new List<DropboxUserStatus>();
        if (suspects.Count == 0) return joined;
        var members = await dropbox.FindMembersAsync(
            [.. suspects.Select(person => person.TeamMemberId is { } id ? DropboxSelector.ByMemberId(id) : DropboxSelector.ByEmail(person.Email))], progress, cancel);
        var active = members.Where(member => member.Status == DropboxMemberStatus.Active).ToArray();
        // The member may have another address now than when the wait began, and Okta may know only the one or the other: both are asked for, and are one person.
        var pairs = suspects
            .Select(person => (person.Email, Member: Array.Find(active, member => IsSame(member.TeamMemberId, member.Email, person)))).Where(pair => pair.Member is not null);
        foreach (var few in pairs.Chunk(Verifier.FewPeople / 2))
            await foreach (var outcome in verifier.RunAsync(new VerificationScope.People([.. few.SelectMany(pair => new[] { pair.Email, pair.Member!.Email })]), progress, cancel))
                // An address from before may be somebody else's by now.
                if (outcome.Status is { } row && HasJoined(row) && few.Any(pair => pair.Member!.TeamMemberId == row.TeamMemberId)) joined.Add(row);
        return joined;
    }

    // A member keeps the id and not the address, which counts only where no id is known yet.
    private static bool IsSame(string? memberId, string email, DropboxUserStatus waiting) =>
        waiting.TeamMemberId is { } id ? memberId == id : email.Equals(waiting.Email, StringComparison.OrdinalIgnoreCase);
}
