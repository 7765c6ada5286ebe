using System.Globalization;
using Microsoft.Data.Sqlite;

namespace DropboxOktaProvisioning.Engine.Journal;

/// <summary>The rules of claims, inside one transaction that the caller holds.</summary>
internal sealed class NoticeWriter(TimeProvider time, IProcessProbe probe)
{
    /// <summary>The notice as it stands now: one whose run is gone may or may not have left.</summary>
    public ActivationNotice AsSeenNow(NoticeRow row) => !IsAbandoned(row) ? row.Notice : row.Notice with
    {
        State = NoticeState.Unknown,
        Reason = "The run that was sending it ended without recording the result: it may or may not have left.",
    };

    /// <summary>Claims the notice, or says which one stands in its way.</summary>
    public ClaimResult Claim(SqliteConnection connection, ActivationNotice notice, bool resendUnknown)
    {
        var known = Matching(connection, notice);
        foreach (var row in known.Where(IsAbandoned)) Change(connection, row, AsSeenNow(row));

        known = [.. known.Select(row => row with { Notice = AsSeenNow(row) })];
        var furthest = known.Select(row => row.Notice).MaxBy(found => NoticeIndex.Weight(found.State));
        if (furthest is not null && MustStay(furthest.State, resendUnknown)) return new ClaimResult(null, furthest);

        var now = time.GetUtcNow();
        if (known.Count == 0)
        {
            var seq = Insert(connection, notice, now);
            Remember(connection, notice, seq);
            History(connection, notice.Id, null, NoticeState.Sending, "", now);
            return new ClaimResult(new NoticeClaim(notice.Id, notice.MessageId!, 1), null);
        }

        // Several failed notices may turn out to be for one person: the first goes on, and takes over the keys of the others.
        var first = known[0];
        foreach (var other in known.Skip(1)) Merge(connection, other, first);
        Reclaim(connection, first, notice, now);
        Remember(connection, notice, first.Seq);
        var why = first.Notice.State == NoticeState.Unknown ? "Asked to send again what may have left." : "";
        History(connection, first.Notice.Id, first.Notice.State, NoticeState.Sending, why, now);
        return new ClaimResult(new NoticeClaim(first.Notice.Id, first.Notice.MessageId!, first.Notice.Attempts + 1), null);
    }

    /// <summary>Writes what came of a claim.</summary>
    /// <returns>False if the claim is not open any more, or was taken over.</returns>
    public bool Record(SqliteConnection connection, NoticeClaim claim, NoticeState state, string reason, DateTimeOffset? sentOn)
    {
        using var command = Command(
            connection,
            $"SELECT {NoticeRow.Columns} FROM notices n WHERE n.id = $id AND n.attempts = $attempt AND n.state IN ('Sending', 'Unknown') AND n.state <> $state",
            ("$id", claim.NoticeId), ("$attempt", claim.Attempt), ("$state", state.ToString()));
        var row = ReadAll(command).SingleOrDefault();
        if (row is null) return false;
        Change(connection, row, row.Notice with { State = state, Reason = reason, SentOn = sentOn });
        return true;
    }

    /// <summary>The notices whose run is gone.</summary>
    public IReadOnlyList<ActivationNotice> Abandoned(SqliteConnection connection)
    {
        using var command = Command(connection, $"SELECT {NoticeRow.Columns} FROM notices n WHERE n.state = 'Sending' ORDER BY n.seq");
        return [.. ReadAll(command).Where(IsAbandoned).Select(AsSeenNow)];
    }

    private static bool MustStay(NoticeState state, bool resendUnknown) => state switch
    {
        NoticeState.Failed => false,
        NoticeState.Unknown => !resendUnknown,
        _ => true,
    };

    private bool IsAbandoned(NoticeRow row) => row.Notice.State == NoticeState.Sending
        && (time.GetUtcNow() - row.Notice.IntendedOn >= NoticeJournal.Lease || probe.IsGone(row.Owner));

    private static List<NoticeRow> Matching(SqliteConnection connection, ActivationNotice notice)
    {
        using var command = Command(connection, "", ("$kind", notice.Kind.ToString()), ("$team", notice.TeamId ?? ""));
        var names = NoticeKeys.Of(notice).Select((key, i) =>
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"$key{i}");
            command.Parameters.AddWithValue(name, key);
            return name;
        });
        // A notice without a team counts for every team.
        command.CommandText = $"""
            SELECT {NoticeRow.Columns} FROM notices n WHERE n.seq IN (
                SELECT notice FROM recipients
                WHERE kind = $kind AND key IN ({string.Join(", ", names)}) AND (team_id IN ($team, '') OR $team = ''))
            ORDER BY n.seq
            """;
        return ReadAll(command);
    }

    private long Insert(SqliteConnection connection, ActivationNotice notice, DateTimeOffset now)
    {
        using var command = Command(
            connection,
            """
            INSERT INTO notices (id, team_id, kind, email, name, okta_user_id, team_member_id, stage, personal_account, state, reason, subject,
                transport, message_id, attempts, intended_on, host, process_id, process_started_on)
            VALUES ($id, $team, $kind, $email, $name, $okta, $member, $stage, $personal, 'Sending', '', $subject,
                $transport, $message, 1, $now, $host, $process, $started)
            RETURNING seq
            """,
            [("$id", notice.Id), ("$kind", notice.Kind.ToString()), ("$message", notice.MessageId), .. Details(notice, now)]);
        return (long)command.ExecuteScalar()!;
    }

    private void Reclaim(SqliteConnection connection, NoticeRow row, ActivationNotice notice, DateTimeOffset now)
    {
        using var command = Command(
            connection,
            """
            UPDATE notices SET state = 'Sending', reason = '', attempts = attempts + 1, intended_on = $now, sent_on = NULL,
                team_id = CASE WHEN team_id = '' THEN $team ELSE team_id END, email = $email, name = coalesce($name, name),
                okta_user_id = coalesce($okta, okta_user_id), team_member_id = coalesce($member, team_member_id), stage = $stage,
                personal_account = $personal, subject = $subject, transport = $transport,
                host = $host, process_id = $process, process_started_on = $started
            WHERE seq = $seq
            """,
            [("$seq", row.Seq), .. Details(notice, now)]);
        command.ExecuteNonQuery();
    }

    private (string Name, object? Value)[] Details(ActivationNotice notice, DateTimeOffset now) =>
    [
        ("$team", notice.TeamId ?? ""), ("$email", notice.Email), ("$name", notice.Name), ("$okta", notice.OktaUserId),
        ("$member", notice.TeamMemberId), ("$stage", notice.Stage.ToString()), ("$personal", notice.PersonalAccount.ToString()),
        ("$subject", notice.Subject), ("$transport", notice.Transport), ("$now", NoticeRow.Time(now)), ("$host", probe.Current.Host),
        ("$process", probe.Current.ProcessId), ("$started", NoticeRow.Time(probe.Current.StartedOn)),
    ];

    private static void Remember(SqliteConnection connection, ActivationNotice notice, long seq)
    {
        foreach (var key in NoticeKeys.Of(notice))
        {
            using var command = Command(
                connection, "INSERT INTO recipients (kind, key, team_id, notice) VALUES ($kind, $key, $team, $notice) ON CONFLICT DO NOTHING",
                ("$kind", notice.Kind.ToString()), ("$key", key), ("$team", notice.TeamId ?? ""), ("$notice", seq));
            command.ExecuteNonQuery();
        }
    }

    private void Merge(SqliteConnection connection, NoticeRow row, NoticeRow into)
    {
        using var command = Command(connection, "UPDATE recipients SET notice = $into WHERE notice = $seq", ("$into", into.Seq), ("$seq", row.Seq));
        command.ExecuteNonQuery();
        Change(connection, row, row.Notice with { State = NoticeState.Skipped, Reason = $"The same person has the notice {into.Notice.Id}." });
    }

    private void Change(SqliteConnection connection, NoticeRow row, ActivationNotice to)
    {
        using var command = Command(
            connection, "UPDATE notices SET state = $state, reason = $reason, sent_on = $sent WHERE seq = $seq",
            ("$state", to.State.ToString()), ("$reason", to.Reason), ("$sent", to.SentOn is { } sent ? NoticeRow.Time(sent) : null), ("$seq", row.Seq));
        command.ExecuteNonQuery();
        History(connection, row.Notice.Id, row.Notice.State, to.State, to.Reason, time.GetUtcNow());
    }

    private void History(SqliteConnection connection, string id, NoticeState? from, NoticeState to, string reason, DateTimeOffset now)
    {
        using var command = Command(
            connection,
            """
            INSERT INTO history (notice_id, changed_on, from_state, to_state, reason, host, process_id)
            VALUES ($id, $now, $from, $to, $reason, $host, $process)
            """,
            ("$id", id), ("$now", NoticeRow.Time(now)), ("$from", from?.ToString()), ("$to", to.ToString()), ("$reason", reason),
            ("$host", probe.Current.Host), ("$process", probe.Current.ProcessId));
        command.ExecuteNonQuery();
    }

    private static List<NoticeRow> ReadAll(SqliteCommand command)
    {
        using var reader = command.ExecuteReader();
        var rows = new List<NoticeRow>();
        while (reader.Read()) rows.Add(NoticeRow.Read(reader));
        return rows;
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, params (string Name, object? Value)[] parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }
}
