using System.Data.Common;
using System.Globalization;

namespace DropboxOktaProvisioning.Engine.Journal;

/// <summary>A run that works on a scope.</summary>
/// <param name="Run">The run's id.</param>
/// <param name="Process">Its process.</param>
/// <param name="BeganOn">When it began, UTC.</param>
/// <param name="EndsOn">When its lease ends if it is not renewed, UTC.</param>
internal sealed record RunHolder(string Run, ProcessIdentity Process, DateTimeOffset BeganOn, DateTimeOffset EndsOn);

/// <summary>The rules of leases on a scope, inside one transaction that the caller holds.</summary>
/// <param name="time">The clock.</param>
/// <param name="probe">Who we are, and who is gone.</param>
internal sealed class RunWriter(TimeProvider time, IProcessProbe probe)
{
    /// <summary>Takes the scope, also from a run whose process is gone or whose lease has ended.</summary>
    /// <returns>Null where it is the run's now, else who has it.</returns>
    public RunHolder? Take(JournalSession session, string scope, string run)
    {
        var now = time.GetUtcNow();
        var holder = Find(session, scope);
        if (holder is not null && holder.EndsOn > now && !probe.IsGone(holder.Process)) return holder;
        session.Execute("DELETE FROM runs WHERE scope = @scope", ("@scope", scope));
        session.Execute(
            """
            INSERT INTO runs (scope, id, host, process_id, process_started_on, began_on, ends_on)
            VALUES (@scope, @run, @host, @process, @started, @began, @ends)
            """,
            ("@scope", scope), ("@run", run), ("@host", probe.Current.Host), ("@process", probe.Current.ProcessId),
            ("@started", NoticeRow.Time(probe.Current.StartedOn)), ("@began", NoticeRow.Time(now)), ("@ends", NoticeRow.Time(now + NoticeJournal.Lease)));
        return null;
    }

    /// <summary>Who has the scope, or had it last and did not give it back; null if nobody.</summary>
    public static RunHolder? Find(JournalSession session, string scope) =>
        session.Query("SELECT id, host, process_id, process_started_on, began_on, ends_on FROM runs WHERE scope = @scope", Read, ("@scope", scope)).SingleOrDefault();

    /// <summary>Lets the lease begin again.</summary>
    public bool Renew(JournalSession session, string scope, string run) => session.Execute(
        "UPDATE runs SET ends_on = @ends WHERE scope = @scope AND id = @run",
        ("@ends", NoticeRow.Time(time.GetUtcNow() + NoticeJournal.Lease)), ("@scope", scope), ("@run", run)) == 1;

    /// <summary>Gives the scope back.</summary>
    public static bool Release(JournalSession session, string scope, string run) =>
        session.Execute("DELETE FROM runs WHERE scope = @scope AND id = @run", ("@scope", scope), ("@run", run)) == 1;

    private static RunHolder Read(DbDataReader reader) => new(
        reader.GetString(0), new ProcessIdentity(reader.GetString(1), reader.GetInt32(2), TimeAt(reader, 3)), TimeAt(reader, 4), TimeAt(reader, 5));

    private static DateTimeOffset TimeAt(DbDataReader reader, int column) =>
        DateTimeOffset.Parse(reader.GetString(column), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
}
