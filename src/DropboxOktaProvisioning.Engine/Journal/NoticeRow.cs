using System.Globalization;
using System.Data.Common;

namespace DropboxOktaProvisioning.Engine.Journal;

/// <summary>A notice as the journal holds it, with the process that claimed it last.</summary>
/// <param name="Seq">Its place in the journal.</param>
/// <param name="Notice">The notice, in the state that was written.</param>
/// <param name="Owner">Who claimed it.</param>
/// <param name="HandedOn">When its mail was handed over in this attempt; null while it waits for its turn.</param>
internal sealed record NoticeRow(long Seq, ActivationNotice Notice, ProcessIdentity Owner, DateTimeOffset? HandedOn)
{
    /// <summary>How many columns there are.</summary>
    public const int Width = 27;

    private const string Common = """
        n.seq, n.id, n.team_id, n.kind, n.email, n.name, n.okta_user_id, n.team_member_id, n.stage, n.personal_account, n.state, n.reason,
        n.subject, n.transport, n.message_id, n.attempts, n.intended_on, n.sent_on, n.host, n.process_id, n.process_started_on
        """;

    private const string WithSender = Common + ", n.handed_on, n.sender, n.is_accepted", WithManners = WithSender + ", n.step, n.not_before, n.about",
        BeforeSender = Common + ", n.handed_on, NULL, 0", BeforeHandover = Common + ", n.intended_on, NULL, 0", NoManners = ", 0, NULL, NULL";

    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>The columns that <see cref="Read"/> expects, in order, of a table named <c>n</c>.</summary>
    /// <param name="version">The version of the journal's schema.</param>
    public static string Columns(int version) => version >= SqliteSchema.WithManners ? WithManners
        : (version >= SqliteSchema.WithSender ? WithSender : version >= SqliteSchema.WithHandover ? BeforeSender : BeforeHandover) + NoManners;

    /// <summary>A time as the journal writes it: UTC, fixed width, so that text order is time order.</summary>
    public static string Time(DateTimeOffset time)
    {
        // The round-trip format, which needs no pattern to be read, cut after the milliseconds.
        Span<char> text = stackalloc char[28];
        time.UtcDateTime.TryFormat(text, out _, "O", CultureInfo.InvariantCulture);
        return string.Concat(text[..23], "Z");
    }

    /// <summary>A time that the journal wrote.</summary>
    public static DateTimeOffset Time(string text) =>
        DateTimeOffset.ParseExact(text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    /// <summary>The row under the reader.</summary>
    public static NoticeRow Read(DbDataReader reader) => new(
        reader.GetInt64(0),
        new ActivationNotice
        {
            Id = reader.GetString(1),
            TeamId = reader.GetString(2) is { Length: > 0 } team ? team : null,
            Kind = Word<NoticeKind>(reader, 3),
            Email = reader.GetString(4),
            Name = TextOrNull(reader, 5),
            OktaUserId = TextOrNull(reader, 6),
            TeamMemberId = TextOrNull(reader, 7),
            Stage = Word<ProvisioningStage>(reader, 8),
            PersonalAccount = Word<PersonalAccountLikelihood>(reader, 9),
            State = StateOf(Word<NoticeState>(reader, 10), isAccepted: reader.GetInt32(23) != 0, hasTime: !reader.IsDBNull(25)),
            Reason = reader.GetString(11),
            Subject = reader.GetString(12),
            Transport = reader.GetString(13),
            MessageId = TextOrNull(reader, 14),
            Attempts = reader.GetInt32(15),
            IntendedOn = TimeAt(reader, 16),
            SentOn = reader.IsDBNull(17) ? null : TimeAt(reader, 17),
            Sender = TextOrNull(reader, 22),
            Step = reader.GetInt32(24),
            NotBefore = reader.IsDBNull(25) ? null : TimeAt(reader, 25),
            About = TextOrNull(reader, 26),
        },
        new ProcessIdentity(reader.GetString(18), reader.GetInt32(19), TimeAt(reader, 20)),
        reader.IsDBNull(21) ? null : TimeAt(reader, 21));

    // What waits is a failure with a time: it surely did not leave. An earlier version of the module that sent it since left the time where it was.
    private static NoticeState StateOf(NoticeState stored, bool isAccepted, bool hasTime) =>
        isAccepted ? NoticeState.Accepted : stored == NoticeState.Failed && hasTime ? NoticeState.Waiting : stored;

    private static string? TextOrNull(DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static T Word<T>(DbDataReader reader, int column)
        where T : struct, Enum => Enum.Parse<T>(reader.GetString(column));

    private static DateTimeOffset TimeAt(DbDataReader reader, int column) => Time(reader.GetString(column));
}
