using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Okta;
using DropboxOktaProvisioning.Engine.Packing;
using DropboxOktaProvisioning.Engine.Verification;

namespace DropboxOktaProvisioning.Engine.Refresh;

/// <summary>Brings the reading that is kept up to date: the logs say who may have changed, and each of those is read anew. Where that is not sure, everybody is read.</summary>
/// <remarks>
/// On a quiet day it is one request for Okta's log, one for the team's, and one for the team's own count. A log is followed from a while before its last
/// place, since an entry may come late and a service may show a change later than its log does.
/// </remarks>
internal sealed class RefreshingLists(ListReader lists, OktaClient okta, DropboxTeamClient dropbox, string appId, ReadingKeeper keeper) : IPeopleLists
{
    /// <summary>How long an entry may take to stand in a log, or a change to show in a list.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromHours(1);

    // How long a removed member can be recovered (dropbox.md §2); looked at a while before that ends, since no clock is exact.
    private static readonly TimeSpan Recoverable = TimeSpan.FromDays(7);

    // A page of the list has as many people as that.
    private const int PeoplePerPage = 500;

    private readonly ReadingKey _key = ReadingKey.Of(okta, dropbox, appId);

    // Okta tells its time in whole seconds, so it is up to one later than that.
    private DateTimeOffset OktaNow => keeper.Now + (okta.ClockAhead ?? TimeSpan.Zero) + TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<PersonFacts>> ReadAsync(IEnumerable<OktaUser> others, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        if (keeper.Mode == RefreshMode.Forget)
        {
            await keeper.ForgetAsync(_key.TeamId, progress, cancel);
            return await lists.ReadAsync(others, progress, cancel);
        }

        var (kept, why) = await keeper.FindAsync(_key, dropbox.Team, cancel);
        if (kept is not null)
        {
            (var fresh, why) = await RefreshAsync(kept, progress, cancel);
            if (fresh is not null)
            {
                var join = new PeopleJoin(fresh.Members, fresh.Assignments);
                foreach (var user in others) join.Add(user);
                return join.Join();
            }
        }

        keeper.Told = $"Everybody was read whole: {why}.";
        progress?.Report(new Remark(keeper.Told));
        return await ReadWholeAsync(others, progress, cancel);
    }

    private async Task<(KeptReading? Fresh, string? Why)> RefreshAsync(KeptReading kept, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        var (until, now) = (OktaNow, keeper.Now);
        var entries = new List<OktaLogEvent>();
        DropboxEventBatch? batch = null;
        try
        {
            await SideBySide.RunAsync(
                async token =>
                {
                    await foreach (var page in okta.ListLogAsync(kept.State.OktaPosition - Overlap, until, OktaChanges.Filter, progress, token)) entries.AddRange(page);
                },
                async token => batch = await dropbox.ContinueEventsAsync(kept.State.DropboxCursor, progress, token),
                cancel);
        }
        catch (ServiceException lost) when (lost.ErrorId == ErrorIds.CursorExpired)
        {
            return (null, "the place in Dropbox's log has expired");
        }
        catch (ServiceException refused) when (refused.ErrorId is ErrorIds.MissingScope or ErrorIds.PermissionDenied)
        {
            progress?.Report(new Caution($"A log cannot be followed, so everybody is read each time. {refused.Message} {refused.RecommendedAction}"));
            return (null, "a log cannot be read");
        }

        var users = OktaChanges.Of(entries, appId, id => kept.Assignments.Find(Utf8Text.Of(id)) >= 0);
        var named = DropboxChanges.Of(batch!.Events);
        if ((users.Why ?? named.Why) is { } why) return (null, why);
        if (users.Ids.Count > Math.Max(Verifier.FewPeople, kept.Assignments.Count / PeoplePerPage)) return (null, $"{users.Ids.Count} people may have changed in Okta, and the list takes fewer requests");

        var removedOn = Removals(kept.State, batch, now);
        var members = named.Ids.Concat(AgainAnyway(kept, removedOn, now)).ToHashSet(StringComparer.Ordinal);
        var (gone, assignments, found) = await ReadAgainAsync(users.Ids, members, progress, cancel);
        if (!members.All(name => found.Any(one => one.TeamMemberId == name || one.Email.Equals(name, StringComparison.OrdinalIgnoreCase))))
            return (null, "Dropbox does not find a member whom its log names");

        var fresh = kept with { Assignments = kept.Assignments.Without(gone) };
        Add(fresh.Assignments, assignments);
        Add(fresh.Members, found);
        var team = await dropbox.GetTeamAsync(progress, cancel);
        if (WholeReading.IsDoubtful(fresh.Assignments.Count, team)) return (null, "nobody is assigned any more as far as Okta's log tells");
        var excess = TeamExcess.Of(team, TeamCount.Of(fresh.Members));
        if (!kept.State.Excess.Fits(excess)) return (null, "the team counts others than the logs tell of");

        fresh = fresh with { State = kept.State with { RefreshedOn = now, OktaPosition = until, DropboxCursor = batch.Cursor, Again = Late(batch, now), RemovedOn = removedOn } };
        await keeper.KeepAsync(fresh, listsAreNew: users.Ids.Count + members.Count > 0, progress, cancel);
        keeper.Told = $"The reading of {kept.State.RefreshedOn.UtcDateTime:yyyy-MM-dd HH:mm}Z was brought up to date: {users.Ids.Count} people of Okta and {members.Count} members of Dropbox were read again.";
        progress?.Report(new Remark(keeper.Told));
        return (fresh, null);
    }

    private async Task<IReadOnlyList<PersonFacts>> ReadWholeAsync(IEnumerable<OktaUser> others, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        var (until, now) = (OktaNow, keeper.Now);
        DropboxEventBatch? batch = null;
        try
        {
            // Before the lists: what changes while they are read must be behind this place. And a week back, to know when people were removed.
            batch = await dropbox.BeginEventsAsync(DropboxChanges.Category, now - Recoverable - Overlap, progress, cancel);
        }
        catch (ServiceException refused) when (refused.ErrorId is ErrorIds.MissingScope or ErrorIds.PermissionDenied or ErrorIds.CursorExpired)
        {
            progress?.Report(new Caution($"What is read cannot be followed by the team's log, so it is not kept. {refused.Message} {refused.RecommendedAction}"));
        }

        var whole = await lists.ReadWholeAsync(others, progress, cancel);
        // What is doubted is said with each reading; kept, it would be believed in silence.
        if (batch is null || WholeReading.IsDoubtful(whole.Join.Assignments.Count, whole.Team)) return whole.People;
        var state = new ReadingState
        {
            Format = ReadingState.CurrentFormat,
            Module = ReadingState.CurrentModule,
            Key = _key,
            TakenOn = now,
            RefreshedOn = now,
            OktaPosition = until,
            DropboxCursor = batch.Cursor,
            Excess = TeamExcess.Of(whole.Team, whole.Join.OnTeam),
            Again = Late(batch, now),
            RemovedOn = Removals(null, batch, now),
        };
        await keeper.KeepAsync(new KeptReading(state, whole.Join.Assignments, whole.Join.Members), listsAreNew: true, progress, cancel);
        return whole.People;
    }

    private async Task<(HashSet<string> Gone, List<OktaAppUser> Assignments, IReadOnlyList<DropboxMember> Members)> ReadAgainAsync(
        IReadOnlySet<string> users, IReadOnlySet<string> members, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        var gone = new HashSet<string>(StringComparer.Ordinal);
        var assignments = new List<OktaAppUser>();
        IReadOnlyList<DropboxMember> found = [];
        await SideBySide.RunAsync(
            async token =>
            {
                foreach (var id in users)
                {
                    if (await okta.FindAppUserAsync(appId, id, progress, token) is { } assignment) assignments.Add(assignment);
                    else gone.Add(id);
                }
            },
            async token => found = await dropbox.FindMembersAsync(
                [.. members.Select(id => id.Contains('@', StringComparison.Ordinal) ? DropboxSelector.ByEmail(id) : DropboxSelector.ByMemberId(id))], progress, token),
            cancel);
        return (gone, assignments, found);
    }

    private static void Add(PackedStore store, IReadOnlyList<OktaAppUser> assignments)
    {
        var records = new PackWriter();
        foreach (var assignment in assignments) AppUserFields.Of(assignment).Pack(records);
        Take(store, records);
    }

    private static void Add(PackedStore store, IReadOnlyList<DropboxMember> members)
    {
        var records = new PackWriter();
        foreach (var member in members) MemberFields.Of(member).Pack(records);
        Take(store, records);
    }

    private static void Take(PackedStore store, PackWriter records)
    {
        var (bytes, starts) = records.Take();
        if (starts.Length > 0) store.Add(bytes, starts);
    }

    /// <summary>The members who are looked at again whatever the logs say.</summary>
    public static IEnumerable<string> AgainAnyway(KeptReading kept, IReadOnlyDictionary<string, DateTimeOffset> removedOn, DateTimeOffset now) =>
        kept.State.Again.Concat(Ending(kept.Members, removedOn, now)).Distinct(StringComparer.Ordinal);

    /// <summary>Removed members who may by now be beyond recovery, which no log tells.</summary>
    private static IEnumerable<string> Ending(PackedStore members, IReadOnlyDictionary<string, DateTimeOffset> removedOn, DateTimeOffset now)
    {
        for (var member = 0; member < members.Count; member++)
        {
            var fields = MemberFields.Of(members[member]);
            if (!fields.IsRemoved || !fields.IsRecoverable) continue;
            var id = fields.TeamMemberId.ToString();
            if (!removedOn.TryGetValue(id, out var on) || now >= on + Recoverable - Overlap) yield return id;
        }
    }

    private static Dictionary<string, DateTimeOffset> Removals(ReadingState? before, DropboxEventBatch batch, DateTimeOffset now)
    {
        var removedOn = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        foreach (var (id, on) in before?.RemovedOn.Select(entry => (entry.Key, entry.Value)) ?? []) removedOn[id] = on;
        foreach (var (id, on) in DropboxChanges.Removals(batch.Events)) removedOn[id] = on;
        return removedOn.Where(entry => entry.Value + Recoverable + Overlap > now).ToDictionary(StringComparer.Ordinal);
    }

    private static string[] Late(DropboxEventBatch batch, DateTimeOffset now) => [.. DropboxChanges.Of(batch.Events.Where(one => one.Timestamp > now - Overlap)).Ids];
}
