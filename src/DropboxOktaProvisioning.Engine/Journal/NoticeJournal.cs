using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace DropboxOktaProvisioning.Engine.Journal;

/// <summary>The memory of who was told: one notice per person, team and kind, and each change of its state.</summary>
/// <remarks>
/// A notice's intent is on disk before it leaves. One that was being sent by a run which is gone, or for longer than <see cref="Lease"/>, may or
/// may not have left: it shows as <see cref="NoticeState.Unknown"/>. The file is SQLite; several processes of one machine may use it at once.
/// </remarks>
public sealed partial class NoticeJournal : INoticeClaims
{
    private const int PageSize = 500;

    private readonly JournalStore _store;
    private readonly NoticeWriter _writer;

    private NoticeJournal(JournalStore store, NoticeWriter writer)
    {
        _store = store;
        _writer = writer;
    }

    /// <summary>How long a notice may be in the state <see cref="NoticeState.Sending"/>.</summary>
    public static TimeSpan Lease { get; } = TimeSpan.FromMinutes(10);

    /// <summary>The file that is used when none is named: one per user.</summary>
    public static string DefaultPath => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "DropboxOktaProvisioning", "journal.db");

    string? INoticeClaims.NewFile => _store.NewFile;

    /// <summary>Opens a journal for writing. A file that is not there is created for its owner alone, and so is the folder of the default one.</summary>
    /// <exception cref="ProvisioningException">
    /// JournalLocked, JournalReadOnly, JournalTooNew, JournalCorrupt, JournalFull or JournalUnavailable; each names the file.
    /// </exception>
    public static Task<NoticeJournal> OpenAsync(string path, TimeProvider time, CancellationToken cancellationToken) =>
        OpenAsync(AtPath(path), time, ProcessProbe.Instance, cancellationToken);

    /// <summary>Opens a journal for reading. A file that is not there reads as an empty journal, and nothing is created.</summary>
    /// <exception cref="ProvisioningException">As for <see cref="OpenAsync(string, TimeProvider, CancellationToken)"/>.</exception>
    public static Task<NoticeJournal> OpenReadOnlyAsync(string path, TimeProvider time, CancellationToken cancellationToken) =>
        OpenAsync(AtPath(path) with { ReadOnly = true }, time, ProcessProbe.Instance, cancellationToken);

    /// <summary>Opens a journal in memory, for a rehearsal. All who open the same name share it until the last one closes it.</summary>
    public static Task<NoticeJournal> OpenInMemoryAsync(string name, TimeProvider time, CancellationToken cancellationToken) =>
        OpenAsync(new JournalSettings { Path = name, InMemory = true }, time, ProcessProbe.Instance, cancellationToken);

    internal static async Task<NoticeJournal> OpenAsync(
        JournalSettings settings, TimeProvider time, IProcessProbe probe, CancellationToken cancellationToken) =>
        new(await JournalStore.OpenAsync(settings, cancellationToken), new NoticeWriter(time, probe));

    internal static JournalSettings AtPath(string path) => new() { Path = path, CreatesFolder = path == DefaultPath };

    /// <summary>The notices that fit the filter, those with the newest intent first.</summary>
    /// <remarks>Read page by page: what is written while the list is read may or may not be in it.</remarks>
    public async IAsyncEnumerable<ActivationNotice> ListAsync(
        NoticeFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var emails = filter.Emails.Select(NoticeKeys.Address).ToHashSet(StringComparer.Ordinal);
        var states = filter.States.ToHashSet();
        (string IntendedOn, long Seq)? after = null;
        while (true)
        {
            var start = after;
            var page = await _store.ReadAsync(connection => ReadPage(connection, filter, start), cancellationToken);
            foreach (var row in page)
            {
                var notice = _writer.AsSeenNow(row);
                if (emails.Count > 0 && !emails.Contains(NoticeKeys.Address(notice.Email))) continue;
                if (states.Count > 0 && !states.Contains(notice.State)) continue;
                yield return notice;
            }

            if (page.Count < PageSize) yield break;
            after = (NoticeRow.Time(page[^1].Notice.IntendedOn!.Value), page[^1].Seq);
        }
    }

    /// <summary>All that the journal knows now, for looking many people up.</summary>
    public Task<NoticeIndex> IndexAsync(CancellationToken cancellationToken) => _store.ReadAsync(
        connection =>
        {
            var index = new NoticeIndex();
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT {NoticeRow.Columns}, r.key FROM notices n JOIN recipients r ON r.notice = n.seq ORDER BY n.seq";
            using var reader = command.ExecuteReader();
            NoticeRow? row = null;
            ActivationNotice? notice = null;
            while (reader.Read())
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (row?.Seq != reader.GetInt64(0))
                {
                    row = NoticeRow.Read(reader);
                    notice = _writer.AsSeenNow(row);
                }

                index.Add(notice!.Kind, reader.GetString(21), notice);
            }

            return index;
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _store.DisposeAsync();

    Task<ClaimResult> INoticeClaims.ClaimAsync(ActivationNotice notice, bool resendUnknown, CancellationToken cancellationToken) =>
        _store.WriteAsync(connection => _writer.Claim(connection, notice, resendUnknown), cancellationToken);

    Task INoticeClaims.RecordAsync(
        NoticeClaim claim, NoticeState state, string reason, DateTimeOffset? sentOn, CancellationToken cancellationToken) =>
        _store.WriteAsync(connection => _writer.Record(connection, claim, state, reason, sentOn), cancellationToken);

    Task<IReadOnlyList<ActivationNotice>> INoticeClaims.AbandonedAsync(CancellationToken cancellationToken) =>
        _store.ReadAsync(_writer.Abandoned, cancellationToken);

    private static List<NoticeRow> ReadPage(SqliteConnection connection, NoticeFilter filter, (string IntendedOn, long Seq)? after)
    {
        using var command = connection.CreateCommand();
        var conditions = new List<string> { "1" };
        void Where(string condition, string name, object value)
        {
            conditions.Add(condition);
            command.Parameters.AddWithValue(name, value);
        }

        if (filter.Kind is { } kind) Where("n.kind = $kind", "$kind", kind.ToString());
        if (filter.TeamId is { } team) Where("n.team_id = $team", "$team", team);
        if (filter.Since is { } since) Where("n.id IN (SELECT notice_id FROM history WHERE changed_on >= $since)", "$since", NoticeRow.Time(since));
        if (after is { } last)
        {
            Where("(n.intended_on, n.seq) < ($after, $seq)", "$after", last.IntendedOn);
            command.Parameters.AddWithValue("$seq", last.Seq);
        }

        command.CommandText = string.Create(
            CultureInfo.InvariantCulture,
            $"SELECT {NoticeRow.Columns} FROM notices n WHERE {string.Join(" AND ", conditions)} ORDER BY n.intended_on DESC, n.seq DESC LIMIT {PageSize}");
        using var reader = command.ExecuteReader();
        var page = new List<NoticeRow>();
        while (reader.Read()) page.Add(NoticeRow.Read(reader));
        return page;
    }
}
