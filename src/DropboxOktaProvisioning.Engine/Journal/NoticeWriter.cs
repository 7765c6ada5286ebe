using DropboxOktaProvisioning.Engine.Notices;

namespace DropboxOktaProvisioning.Engine.Journal;

/// <summary>The rules of claims, inside one transaction that the caller holds.</summary>
/// <param name="time">The clock.</param>
/// <param name="probe">Who we are, and who is gone.</param>
/// <param name="alwaysFlushes">Whether a handover, once noted, outlives a power cut too.</param>
internal sealed class NoticeWriter(TimeProvider time, IProcessProbe probe, bool alwaysFlushes)
{
    /// <summary>The moment, by the journal's own clock.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    // A notice without a team counts for every team. A list of keys in one condition would be a table of its own, made anew for each person.
    private static readonly string Theirs = string.Join(" UNION ALL ", Enumerable.Range(0, 3).Select(key =>
        $"SELECT notice FROM recipients WHERE kind = @kind AND key = @key{key} AND (team_id = @team OR team_id = '' OR @team = '')"));

    private const string BeforeItsTurn = "It did not leave: the run ended before its turn.";

    /// <summary>The notice as it stands now: one whose run is gone did not leave if it was never handed over, else it may or may not have left.</summary>
    public ActivationNotice AsSeenNow(NoticeRow row) => !IsAbandoned(row) ? row.Notice
        : SurelyDidNotLeave(row) ? row.Notice with { State = NoticeState.Failed, Reason = BeforeItsTurn }
        : row.Notice with
        {
            State = NoticeState.Unknown,
            Reason = "The run that was sending it ended without recording the result: it may or may not have left.",
        };

    /// <summary>Claims the notice, or says which one stands in its way.</summary>
    public ClaimResult Claim(JournalSession session, ClaimRequest request)
    {
        var notice = request.Notice;
        var known = Matching(session, notice);
        if (known.Count > 0 && !TryHold(session, known)) return new ClaimResult(null, known[0].Notice with { State = NoticeState.Sending });
        foreach (var row in known.Where(IsAbandoned)) Change(session, row, AsSeenNow(row));

        known = [.. known.Select(row => row with { Notice = AsSeenNow(row) })];
        var furthest = known.Select(row => row.Notice).MaxBy(found => NoticeIndex.Weight(found.State));
        if (furthest is not null && MustStay(furthest.State, request.ResendUnknown)) return new ClaimResult(null, furthest);

        var now = time.GetUtcNow();
        if (known.Count == 0)
        {
            var seq = Insert(session, notice, now);
            Remember(session, notice, seq);
            History(session, notice.Id, null, NoticeState.Sending, "", now);
            return new ClaimResult(new NoticeClaim(notice.Id, notice.MessageId!, 1), null);
        }

        // Several failed notices may turn out to be for one person: the first goes on, and takes over the keys of the others.
        var first = known[0];
        foreach (var other in known.Skip(1)) Merge(session, other, first);
        Reclaim(session, first, notice, now);
        Remember(session, notice, first.Seq);
        var why = first.Notice.State == NoticeState.Unknown ? "Asked to send again what may have left." : "";
        History(session, first.Notice.Id, first.Notice.State, NoticeState.Sending, why, now);
        return new ClaimResult(new NoticeClaim(first.Notice.Id, first.Notice.MessageId!, first.Notice.Attempts + 1), null);
    }

    /// <summary>Notes that the mail is about to be handed over; the lease runs from now.</summary>
    /// <returns>False if the claim is not open any more, or was taken over.</returns>
    public bool Begin(JournalSession session, NoticeClaim claim, string? sender = null) => session.Execute(
        $"UPDATE notices SET handed_on = @now{(sender is null ? "" : ", sender = @sender")} WHERE id = @id AND attempts = @attempt AND state = 'Sending' AND handed_on IS NULL",
        ("@now", NoticeRow.Time(time.GetUtcNow())), ("@id", claim.NoticeId), ("@attempt", claim.Attempt), ("@sender", sender)) == 1;

    /// <summary>As <see cref="Begin"/>, where the sender has room; notes who it is.</summary>
    public Admission Admit(JournalSession session, NoticeClaim claim, string sender, SenderLimit limit) =>
        SenderRoom.Obstacle(session, sender, limit, time.GetUtcNow()) ?? new Admission(Begin(session, claim, sender) ? Admitted.Begun : Admitted.Lost);

    /// <summary>Who handed this notice over in the last 24 hours, and when; null where nobody did, or where it surely did not leave.</summary>
    public (string Sender, DateTimeOffset On)? HandoverOfToday(NoticeRow row) =>
        row is { HandedOn: { } on, Notice: { Sender: { } sender, State: not (NoticeState.Failed or NoticeState.Waiting) } } && on > time.GetUtcNow() - SenderRoom.Day ? (sender, on) : null;

    /// <summary>Writes what came of a claim; does nothing if the claim is not open any more, or was taken over.</summary>
    public void Settle(JournalSession session, ClaimOutcome outcome)
    {
        // The history first: it has the state that the notice comes from, and no row where the claim is over.
        var isOpen = session.Execute(
            """
            INSERT INTO history (notice_id, changed_on, from_state, to_state, reason, host, process_id)
            SELECT id, @now, state, @to, @reason, @host, @process FROM notices
            WHERE id = @id AND attempts = @attempt AND state IN ('Sending', 'Unknown') AND state <> @state
            """ + (outcome.IfNeverBegun ? " AND handed_on IS NULL" : ""),
            ("@now", NoticeRow.Time(time.GetUtcNow())), ("@to", outcome.State.ToString()), ("@reason", outcome.Reason), ("@host", probe.Current.Host),
            ("@process", probe.Current.ProcessId), ("@id", outcome.Claim.NoticeId), ("@attempt", outcome.Claim.Attempt), ("@state", Stored(outcome.State))) == 1;
        if (isOpen) Update(session, outcome.Claim.NoticeId, outcome.State, outcome.Reason, outcome.SentOn, outcome.NotBefore);
    }

    /// <summary>Gives a claim back whose mail was never handed over: a notice that was never tried is gone again, but for its history.</summary>
    public void Release(JournalSession session, NoticeClaim claim, string reason)
    {
        // Taken first, so that the claim cannot be begun or given back a second time.
        if (!Begin(session, claim)) return;
        Settle(session, new ClaimOutcome(claim, NoticeState.Failed, reason, null));
        if (claim.Attempt == 1) Delete(session, claim.NoticeId);
    }

    /// <summary>Notes that a notice waits for its hour; the claim on it is open to all.</summary>
    /// <returns>The notice that stands in its way; null if none does.</returns>
    public ActivationNotice? Hold(JournalSession session, ActivationNotice notice)
    {
        var known = Matching(session, notice);
        if (known.Count > 0 && !TryHold(session, known)) return known[0].Notice with { State = NoticeState.Sending };
        foreach (var row in known.Where(IsAbandoned)) Change(session, row, AsSeenNow(row));
        known = [.. known.Select(row => row with { Notice = AsSeenNow(row) })];
        if (known.Select(row => row.Notice).FirstOrDefault(found => MustStay(found.State, resendUnknown: false)) is { } holder) return holder;

        var now = time.GetUtcNow();
        if (known.Count == 0)
        {
            var seq = Insert(session, notice, now);
            Remember(session, notice, seq);
            History(session, notice.Id, null, NoticeState.Waiting, notice.Reason, now);
            return null;
        }

        var first = known[0];
        foreach (var other in known.Skip(1)) Merge(session, other, first);
        Remember(session, notice, first.Seq);
        if (first.Notice.State != NoticeState.Waiting || first.Notice.NotBefore != notice.NotBefore)
            Change(session, first.Notice.Id, first.Notice.State, NoticeState.Waiting, notice.Reason, null, notice.NotBefore);
        return null;
    }

    /// <summary>Forgets a notice that waited and will never be sent, but for its history.</summary>
    public void Forget(JournalSession session, ActivationNotice notice)
    {
        if (session.Query($"SELECT {NoticeRow.Columns(session.Version)} FROM notices n WHERE n.id = @id", NoticeRow.Read, ("@id", notice.Id)) is not [{ Notice.State: NoticeState.Waiting } row]
            || !TryHold(session, [row])) return;
        History(session, notice.Id, NoticeState.Waiting, NoticeState.Skipped, "The person is not to be told any more.", time.GetUtcNow());
        Delete(session, notice.Id);
    }

    /// <summary>The notices whose run is gone.</summary>
    public IReadOnlyList<ActivationNotice> Abandoned(JournalSession session) =>
        [.. session.Query($"SELECT {NoticeRow.Columns(session.Version)} FROM notices n WHERE n.state = 'Sending' ORDER BY n.seq", NoticeRow.Read)
            .Where(IsAbandoned).Select(AsSeenNow)];

    // The table's check on states is older than some of them. What was only accepted is Sent with a mark beside it, and what waits has Failed and has a time.
    private static string Stored(NoticeState state) =>
        (state == NoticeState.Accepted ? NoticeState.Sent : state == NoticeState.Waiting ? NoticeState.Failed : state).ToString();

    private static void Delete(JournalSession session, string id)
    {
        session.Execute("DELETE FROM recipients WHERE notice = (SELECT seq FROM notices WHERE id = @id)", ("@id", id));
        session.Execute("DELETE FROM notices WHERE id = @id", ("@id", id));
    }

    private static bool MustStay(NoticeState state, bool resendUnknown) => state switch
    {
        NoticeState.Failed or NoticeState.Waiting => false,
        NoticeState.Unknown => !resendUnknown,
        _ => true,
    };

    private bool IsAbandoned(NoticeRow row) => row.Notice.State == NoticeState.Sending
        && (time.GetUtcNow() - (row.HandedOn ?? row.Notice.IntendedOn) >= NoticeJournal.Lease || probe.IsGone(row.Owner));

    // A handover that was noted and not flushed may have been lost with the machine's power, and only then.
    private bool SurelyDidNotLeave(NoticeRow row) => row.HandedOn is null && (alwaysFlushes || probe.IsOfThisBoot(row.Owner));

    // Where several write at once the rows are taken hold of; what another one holds, it is busy with.
    private static bool TryHold(JournalSession session, List<NoticeRow> rows)
    {
        if (session.LockClause.Length == 0) return true;
        foreach (var row in rows)
        {
            if (session.Scalar($"SELECT seq FROM notices WHERE seq = @seq {session.LockClause}", ("@seq", row.Seq)) is null) return false;
        }

        return true;
    }

    private static List<NoticeRow> Matching(JournalSession session, ActivationNotice notice)
    {
        var keys = NoticeKeys.Of(notice).ToArray();
        (string, object?)[] whom = [("@kind", NoticeKeys.Slot(notice)), ("@team", notice.TeamId ?? ""), ("@key0", Key(0)), ("@key1", Key(1)), ("@key2", Key(2))];
        // Nearly always there is none.
        if (session.Scalar(Theirs + " LIMIT 1", whom) is null) return [];
        return session.Query(
            $"SELECT {NoticeRow.Columns(session.Version)} FROM notices n WHERE n.seq IN ({Theirs}) ORDER BY n.seq",
            NoticeRow.Read, whom);

        string Key(int i) => keys[Math.Min(i, keys.Length - 1)];
    }

    // A claim, or a notice that waits.
    private long Insert(JournalSession session, ActivationNotice notice, DateTimeOffset now)
    {
        var (columns, values) = session.Version >= SqliteSchema.WithManners ? ("sender, step, not_before, about, ", "@sender, @step, @before, @about, ")
            : session.Version >= SqliteSchema.WithSender ? ("sender, ", "@sender, ") : ("", "");
        var waits = notice.State == NoticeState.Waiting;
        return session.Insert(
            $"""
            INSERT INTO notices (id, team_id, kind, email, name, okta_user_id, team_member_id, stage, personal_account, state, reason, subject,
                transport, message_id, attempts, intended_on, {columns}host, process_id, process_started_on)
            VALUES (@id, @team, @kind, @email, @name, @okta, @member, @stage, @personal, @state, @reason, @subject,
                @transport, @message, @attempts, @now, {values}@host, @process, @started)
            """,
            [
                ("@id", notice.Id), ("@kind", notice.Kind.ToString()), ("@message", notice.MessageId), ("@step", notice.Step), ("@about", notice.About),
                ("@state", Stored(waits ? NoticeState.Waiting : NoticeState.Sending)), ("@reason", waits ? notice.Reason : ""), ("@attempts", waits ? 0 : 1),
                ("@before", waits ? NoticeRow.Time(notice.NotBefore!.Value) : null), .. Details(notice, now),
            ]);
    }

    private void Reclaim(JournalSession session, NoticeRow row, ActivationNotice notice, DateTimeOffset now)
    {
        var later = (session.Version >= SqliteSchema.WithHandover ? "handed_on = NULL, " : "") + (session.Version >= SqliteSchema.WithSender ? "sender = @sender, " : "")
            + (session.Version >= SqliteSchema.WithManners ? "not_before = NULL, " : "");
        session.Execute(
            $"""
            UPDATE notices SET state = 'Sending', reason = '', attempts = attempts + 1, intended_on = @now, sent_on = NULL, {later}
                team_id = CASE WHEN team_id = '' THEN @team ELSE team_id END, email = @email, name = coalesce(@name, name),
                okta_user_id = coalesce(@okta, okta_user_id), team_member_id = coalesce(@member, team_member_id), stage = @stage,
                personal_account = @personal, subject = @subject, transport = @transport,
                host = @host, process_id = @process, process_started_on = @started
            WHERE seq = @seq
            """,
            [("@seq", row.Seq), .. Details(notice, now)]);
    }

    private (string Name, object? Value)[] Details(ActivationNotice notice, DateTimeOffset now) =>
    [
        ("@team", notice.TeamId ?? ""), ("@email", notice.Email), ("@name", notice.Name), ("@okta", notice.OktaUserId),
        ("@member", notice.TeamMemberId), ("@stage", notice.Stage.ToString()), ("@personal", notice.PersonalAccount.ToString()),
        ("@subject", notice.Subject), ("@transport", notice.Transport), ("@sender", notice.Sender), ("@now", NoticeRow.Time(now)), ("@host", probe.Current.Host),
        ("@process", probe.Current.ProcessId), ("@started", NoticeRow.Time(probe.Current.StartedOn)),
    ];

    // One by one: several rows in one statement take longer.
    private static void Remember(JournalSession session, ActivationNotice notice, long seq)
    {
        foreach (var key in NoticeKeys.Of(notice))
        {
            session.Execute(
                "INSERT INTO recipients (kind, key, team_id, notice) VALUES (@kind, @key, @team, @notice) ON CONFLICT DO NOTHING",
                ("@kind", NoticeKeys.Slot(notice)), ("@key", key), ("@team", notice.TeamId ?? ""), ("@notice", seq));
        }
    }

    private void Merge(JournalSession session, NoticeRow row, NoticeRow into)
    {
        session.Execute("UPDATE recipients SET notice = @into WHERE notice = @seq", ("@into", into.Seq), ("@seq", row.Seq));
        Change(session, row, row.Notice with { State = NoticeState.Skipped, Reason = $"The same person has the notice {into.Notice.Id}." });
    }

    private void Change(JournalSession session, NoticeRow row, ActivationNotice to) =>
        Change(session, row.Notice.Id, row.Notice.State, to.State, to.Reason, to.SentOn, null);

    private void Change(JournalSession session, string id, NoticeState from, NoticeState to, string reason, DateTimeOffset? sentOn, DateTimeOffset? notBefore)
    {
        Update(session, id, to, reason, sentOn, notBefore);
        History(session, id, from, to, reason, time.GetUtcNow());
    }

    private static void Update(JournalSession session, string id, NoticeState to, string reason, DateTimeOffset? sentOn, DateTimeOffset? notBefore)
    {
        var marks = (session.Version >= SqliteSchema.WithSender ? $", is_accepted = {(to == NoticeState.Accepted ? 1 : 0)}" : "")
            + (session.Version >= SqliteSchema.WithManners ? ", not_before = @before" : "");
        session.Execute(
            $"UPDATE notices SET state = @state, reason = @reason, sent_on = @sent{marks} WHERE id = @id",
            ("@state", Stored(to)), ("@reason", reason), ("@sent", sentOn is { } sent ? NoticeRow.Time(sent) : null), ("@id", id),
            ("@before", notBefore is { } before ? NoticeRow.Time(before) : null));
    }

    private void History(JournalSession session, string id, NoticeState? from, NoticeState to, string reason, DateTimeOffset now) => session.Execute(
        """
        INSERT INTO history (notice_id, changed_on, from_state, to_state, reason, host, process_id)
        VALUES (@id, @now, @from, @to, @reason, @host, @process)
        """,
        ("@id", id), ("@now", NoticeRow.Time(now)), ("@from", from?.ToString()), ("@to", to.ToString()), ("@reason", reason),
        ("@host", probe.Current.Host), ("@process", probe.Current.ProcessId));
}
