using System.Data.Common;
using System.Globalization;
using DropboxOktaProvisioning.Engine.Reports;

namespace DropboxOktaProvisioning.Engine.Journal;

/// <content>How far a team was at earlier looks. One packed row holds how everybody was last seen; each look keeps what it changed, so that an earlier one can be gone back to.</content>
public sealed partial class NoticeJournal
{
    /// <summary>So many looks of a team are kept: more than a year of one a day.</summary>
    internal const int MostObservations = 400;

    // A report behind another command of the same run would compare with that command, and show that nothing changed.
    private static readonly TimeSpan SameRun = TimeSpan.FromHours(1);

    /// <summary>What earlier looks at a team left behind.</summary>
    /// <param name="teamId">The team.</param>
    /// <param name="changedSince">Compares with the last look at or before this time, or with the oldest; null for the last one that is at least an hour old, or else the last one.</param>
    /// <param name="cancellationToken">Ends the wait for the journal.</param>
    /// <exception cref="ProvisioningException">JournalCorrupt, and as for opening it.</exception>
    public Task<TeamMemory> RecallAsync(string teamId, DateTimeOffset? changedSince, CancellationToken cancellationToken) => _store.ReadAsync(
        session =>
        {
            // A journal that is only read is not upgraded.
            if (session.Version < SqliteSchema.WithObservations || Known(session, teamId) is not { } now) return TeamMemory.Empty;
            var looks = Looks(session, teamId);
            if (looks.Count == 0) return TeamMemory.Empty;
            var until = changedSince ?? _writer.Now - SameRun;
            var place = looks.FindLastIndex(look => look.Observation.On <= until);
            if (place < 0) place = changedSince is null ? looks.Count - 1 : 0;
            // Gone back in a copy of its own, from the last look to the one that is compared with.
            var then = Known(session, teamId)!;
            foreach (var later in looks.Skip(place + 1).Reverse()) then.Undo(ChangesOf(session, later.Seq));
            return new TeamMemory(now, then, looks[place].Observation, [.. looks.Select(look => look.Observation)]);
        },
        cancellationToken);

    /// <summary>Keeps what a look at a team saw.</summary>
    /// <param name="teamId">The team.</param>
    /// <param name="people">Who was seen, with when they were told.</param>
    /// <param name="everyone">Whether that is everybody.</param>
    /// <param name="progress">Hears of a journal that began empty.</param>
    /// <param name="cancellationToken">Ends the wait for the journal.</param>
    public Task ObserveAsync(
        string teamId, IReadOnlyCollection<DropboxUserStatus> people, bool everyone, IProgress<RunEvent>? progress, CancellationToken cancellationToken)
    {
        if (_store.NewFile is { } file) progress?.Report(new Caution($"The journal {file} is new: nobody counts as told yet."));
        return _store.WriteAsync(session => Observe(session, teamId, people, everyone), Durability.Process, cancellationToken);
    }

    private bool Observe(JournalSession session, string teamId, IReadOnlyCollection<DropboxUserStatus> people, bool everyone)
    {
        var looks = Looks(session, teamId);
        var known = Known(session, teamId) ?? new ObservedPeople();
        var changes = known.Observe(people, everyone, _writer.Now);
        var look = Observation.Of(_writer.Now, everyone || (looks.Count > 0 && looks[^1].Observation.Everyone), known);
        session.Execute(
            """
            INSERT INTO observations (team_id, observed_on, everyone, assigned, provisioned, told, active, stuck, changes)
            VALUES (@team, @on, @everyone, @assigned, @provisioned, @told, @active, @stuck, @changes)
            """,
            ("@team", teamId), ("@on", NoticeRow.Time(look.On)), ("@everyone", look.Everyone ? 1 : 0), ("@assigned", look.Assigned), ("@provisioned", look.Provisioned),
            ("@told", look.Told), ("@active", look.Active), ("@stuck", look.Stuck),
            // Nobody goes back to before the first one.
            ("@changes", looks.Count == 0 ? StandingPack.Write([], 0) : StandingPack.Write(changes, changes.Count)));
        session.Execute(
            "INSERT INTO observed_people (team_id, people) VALUES (@team, @people) ON CONFLICT (team_id) DO UPDATE SET people = excluded.people",
            ("@team", teamId), ("@people", known.Pack()));
        if (looks.Count >= MostObservations)
            session.Execute("DELETE FROM observations WHERE team_id = @team AND seq <= @last", ("@team", teamId), ("@last", looks[^MostObservations].Seq));
        return true;
    }

    private static List<(long Seq, Observation Observation)> Looks(JournalSession session, string teamId) => session.Query(
        "SELECT seq, observed_on, everyone, assigned, provisioned, told, active, stuck FROM observations WHERE team_id = @team ORDER BY seq",
        reader => (reader.GetInt64(0), new Observation(
            DateTimeOffset.Parse(reader.GetString(1), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal),
            reader.GetInt32(2) != 0, reader.GetInt32(3), reader.GetInt32(4), reader.GetInt32(5), reader.GetInt32(6), reader.GetInt32(7))),
        ("@team", teamId));

    private static ObservedPeople? Known(JournalSession session, string teamId) =>
        Unpacked(() => session.Query("SELECT people FROM observed_people WHERE team_id = @team", Bytes, ("@team", teamId)).Select(ObservedPeople.Unpack).FirstOrDefault());

    private static Dictionary<ulong, Standing?> ChangesOf(JournalSession session, long seq) => Unpacked(() => new Dictionary<ulong, Standing?>(
        StandingPack.Read(session.Query("SELECT changes FROM observations WHERE seq = @seq", Bytes, ("@seq", seq))[0])));

    private static byte[] Bytes(DbDataReader reader) => reader.GetFieldValue<byte[]>(0);

    private static T Unpacked<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException problem)
        {
            throw new ProvisioningException(
                ErrorIds.JournalCorrupt, ProblemCategory.InvalidData, $"What the journal keeps of earlier looks cannot be read: {problem.Message}", null,
                "Restore the journal from a backup, or give -SkipObservation. Who was told is kept elsewhere in it and is not touched by this.", problem);
        }
    }
}
