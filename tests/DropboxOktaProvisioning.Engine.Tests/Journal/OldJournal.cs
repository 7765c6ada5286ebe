using System.Globalization;
using DropboxOktaProvisioning.Engine.Journal;
using static DropboxOktaProvisioning.Engine.Tests.Journal.JournalFixture;

namespace DropboxOktaProvisioning.Engine.Tests.Journal;

/// <summary>What an earlier version of the module left in a journal, in SQL that every database takes, and what must be left of it after an upgrade.</summary>
internal static class OldJournal
{
    /// <summary>How many changes of state its history holds.</summary>
    public const long Changes = 5;

    private static readonly NoticeState[] Written = [NoticeState.Sent, NoticeState.Failed, NoticeState.Unknown, NoticeState.Skipped, NoticeState.Sending];

    // What each version brought along.
    private static readonly (int Version, string Rows)[] Later =
    [
        (SqliteSchema.WithStatements, "INSERT INTO statements (team_id, topic, value, stated_by, stated_on) VALUES ('dbtid:one', 'SsoRequired', 'True', 'ada', '2026-02-01T09:00:00.000Z')"),
        (SqliteSchema.WithHandover, "UPDATE notices SET handed_on = intended_on WHERE state <> 'Skipped'"),
        (SqliteSchema.WithSender, "UPDATE notices SET sender = 'it@contoso.example'; UPDATE notices SET is_accepted = 1 WHERE state = 'Sent'"),
        (SqliteSchema.WithObservations, """
            INSERT INTO observations (team_id, observed_on, everyone, assigned, provisioned, told, active, stuck, changes) VALUES ('dbtid:one', '2026-02-01T09:00:00.000Z', 1, 5, 4, 3, 2, 1, '')
            """),
    ];

    /// <summary>The rows, for the tables of a version.</summary>
    public static string Rows(int version) => string.Join(";\n", [.. Written.Select(Notice), .. Later.Where(later => later.Version <= version).Select(later => later.Rows)]) + ";";

    /// <summary>A question whose answer is how many looks at a team are remembered, and how many there must be.</summary>
    public static (string Question, long Answer) Looks(int version) => ("SELECT count(*) FROM observations WHERE assigned = 5", version >= SqliteSchema.WithObservations ? 1 : 0);

    /// <summary>Checks that all of it is there.</summary>
    public static async Task JudgeAsync(NoticeJournal journal, int version)
    {
        var all = (await AllAsync(journal)).ToDictionary(notice => notice.Email);
        Assert.Equal(Written.Length, all.Count);
        foreach (var state in Written)
        {
            var notice = all[Email(state)];
            var expected = state is NoticeState.Sending ? NoticeState.Unknown // its process is long gone
                : state is NoticeState.Sent && version >= SqliteSchema.WithSender ? NoticeState.Accepted : state;
            Assert.Equal((expected, version >= SqliteSchema.WithSender ? "it@contoso.example" : null), (notice.State, notice.Sender));
            Assert.Equal(("id-" + state, "m@contoso.example", "Sign on", "Smtp", 2), (notice.Id, notice.MessageId, notice.Subject, notice.Transport, notice.Attempts));
            Assert.Equal(state is NoticeState.Sent ? Day : null, notice.SentOn);
        }

        var index = await journal.IndexAsync(CancellationToken.None);
        Assert.Equal(Day, index.LastNotice(Person("00uSent", email: "other@contoso.example")));
        Assert.Equal(version >= SqliteSchema.WithStatements ? ["ada"] : [], (await journal.StatementsAsync("dbtid:one", CancellationToken.None)).Select(statement => statement.By));
    }

    /// <summary>Checks that who was told, or may have been, is not told again, and that the others are.</summary>
    public static async Task TellAgainAsync(INoticeClaims journal)
    {
        foreach (var state in Written)
        {
            var result = await journal.ClaimAsync(JournalFixture.Notice("00u" + state, email: Email(state)), false, CancellationToken.None);
            Assert.Equal(state is NoticeState.Failed, result.Claim is not null);
        }
    }

    /// <summary>
    /// Mails to managers as they were before <see cref="SqliteSchema.WithOneEscalation"/>, one for each last reminder: about some people two, of which one goes further than the other,
    /// about others one.
    /// </summary>
    public static string Escalations => string.Join(
        ";\n", Escalation("00u1", 1, NoticeState.Failed), Escalation("00u1", 2, NoticeState.Sent), Escalation("00u2", 1, NoticeState.Failed), Escalation("00u4", 1, NoticeState.Waiting),
        Escalation("00u4", 2, NoticeState.Sent), Escalation("00u5", 1, NoticeState.Unknown), Escalation("00u5", 2, NoticeState.Sent), Escalation("00u6", 1, NoticeState.Waiting),
        Escalation("00u7", 1, NoticeState.Waiting), Escalation("00u7", 2, NoticeState.Waiting)) + ";";

    /// <summary>A question whose answer is which of them the upgrade gave up, and the answer.</summary>
    public static (string Question, string Answer) GivenUp => (
        """
        SELECT string_agg(line, ' / ') FROM (SELECT n.id || ': ' || h.from_state || ' ' || h.to_state || ' ' || n.state || ' ' || n.reason AS line
        FROM history h JOIN notices n ON n.id = h.notice_id AND n.reason = h.reason AND n.host = h.host AND length(h.changed_on) = length(n.intended_on) ORDER BY h.seq) AS lines
        """,
        "mail-00u4-1: Waiting Skipped Skipped The same person has the notice mail-00u4-2. / mail-00u7-2: Waiting Skipped Skipped The same person has the notice mail-00u7-1.");

    /// <summary>What a run of the earlier version that is still going would write.</summary>
    public static string LateEscalation => "INSERT INTO recipients (kind, key, team_id, notice) SELECT 'ManagerEscalation 3', 'okta:00u1', 'dbtid:one', min(seq) FROM notices WHERE true ON CONFLICT DO NOTHING";

    /// <summary>Checks that no manager is told of a person for the second time, whichever reminder it follows now.</summary>
    public static async Task EscalateAgainAsync(NoticeJournal journal)
    {
        INoticeClaims claims = journal;
        var index = await journal.IndexAsync(CancellationToken.None);
        Assert.Equal(("mail-00u1-2", NoticeState.Sent), (index.Escalation(Person("00u1"))!.Id, index.Escalation(Person("00u1"))!.State));
        Assert.Equal(["mail-00u6-1", "mail-00u7-1"], new[] { "00u4", "00u6", "00u7" }.SelectMany(okta => index.Waiting(Person(okta))).Select(notice => notice.Id));
        var all = (await AllAsync(journal)).ToDictionary(notice => notice.Id);
        Assert.Equal((NoticeState.Skipped, null), (all["mail-00u4-1"].State, all["mail-00u4-1"].NotBefore));
        Assert.Equal(NoticeState.Unknown, all["mail-00u5-1"].State);

        ActivationNotice Next(string okta) => JournalFixture.Notice(okta, email: "cara@contoso.example") with { Kind = NoticeKind.ManagerEscalation, Step = 3, About = okta + "@contoso.example" };
        foreach (var told in new[] { "00u1", "00u4", "00u5" }) Assert.Equal(NoticeState.Sent, (await claims.ClaimAsync(Next(told), true, CancellationToken.None)).Holder!.State);
        foreach (var open in new[] { "00u2", "00u6", "00u7" }) Assert.Equal($"mail-{open}-1", (await claims.ClaimAsync(Next(open), false, CancellationToken.None)).Claim!.NoticeId);
        Assert.NotNull((await claims.ClaimAsync(Next("00u3"), false, CancellationToken.None)).Claim);
    }

    private static DateTimeOffset Day { get; } = new(2026, 2, 1, 9, 0, 0, TimeSpan.Zero);

    private static string Email(NoticeState state) => string.Create(CultureInfo.InvariantCulture, $"{state}@contoso.example").ToLowerInvariant();

    private static string Notice(NoticeState state) => $"""
        INSERT INTO notices (id, team_id, kind, email, okta_user_id, stage, personal_account, state, reason, subject, transport, message_id, attempts,
            intended_on, sent_on, host, process_id, process_started_on)
        VALUES ('id-{state}', 'dbtid:one', 'Activation', '{Email(state)}', '00u{state}', 'AwaitingActivation', 'None', '{state}', 'of old', 'Sign on', 'Smtp', 'm@contoso.example', 2,
            '2026-02-01T09:00:00.000Z', {(state is NoticeState.Sent ? "'2026-02-01T09:00:00.000Z'" : "NULL")}, 'test-host', 7, '2026-01-31T09:00:00.000Z');
        INSERT INTO recipients (kind, key, team_id, notice)
        SELECT 'Activation', 'okta:00u{state}', 'dbtid:one', seq FROM notices WHERE id = 'id-{state}';
        INSERT INTO recipients (kind, key, team_id, notice)
        SELECT 'Activation', 'address:{Email(state)}', 'dbtid:one', seq FROM notices WHERE id = 'id-{state}';
        INSERT INTO history (notice_id, changed_on, from_state, to_state, reason, host, process_id)
        VALUES ('id-{state}', '2026-02-01T09:00:00.000Z', NULL, '{state}', 'of old', 'test-host', 7)
        """;

    private static string Escalation(string okta, int step, NoticeState state) => string.Create(CultureInfo.InvariantCulture, $"""
        INSERT INTO notices (id, team_id, kind, email, about, okta_user_id, stage, personal_account, state, reason, subject, transport, message_id, attempts, step,
            not_before, intended_on, sent_on, handed_on, host, process_id, process_started_on)
        VALUES ('mail-{okta}-{step}', 'dbtid:one', 'ManagerEscalation', 'cara@contoso.example', '{okta}@contoso.example', '{okta}', 'AwaitingActivation', 'None',
            '{(state is NoticeState.Waiting ? NoticeState.Failed : state)}', 'of old', 'Team', 'Smtp', 'm@contoso.example', 1, {step}, {(state is NoticeState.Waiting ? "'2026-02-02T09:00:00.000Z'" : "NULL")}, '2026-02-01T09:00:00.000Z', NULL, '2026-02-01T09:00:00.000Z', 'test-host', 7, '2026-01-31T09:00:00.000Z');
        INSERT INTO recipients (kind, key, team_id, notice)
        SELECT 'ManagerEscalation {step}', 'okta:{okta}', 'dbtid:one', seq FROM notices WHERE id = 'mail-{okta}-{step}';
        INSERT INTO recipients (kind, key, team_id, notice)
        SELECT 'ManagerEscalation {step}', 'address:{okta}@contoso.example', 'dbtid:one', seq FROM notices WHERE id = 'mail-{okta}-{step}'
        """);
}
