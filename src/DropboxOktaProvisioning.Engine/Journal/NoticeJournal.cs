using System.Globalization;
using System.Runtime.CompilerServices;
using DropboxOktaProvisioning.Engine.Notices;

namespace DropboxOktaProvisioning.Engine.Journal;

/// <summary>The memory of who was told: one notice per person, team and kind, and each change of its state.</summary>
/// <remarks>
/// A notice's intent is on disk before it leaves. One that was being sent by a run which is gone, or for longer than <see cref="Lease"/>, may or
/// may not have left: it shows as <see cref="NoticeState.Unknown"/>. It is a SQLite file, which several processes of one machine may use at once,
/// or in PostgreSQL, for several machines.
/// </remarks>
public sealed partial class NoticeJournal : INoticeClaims
{
    private const int PageSize = 500;

    private readonly IJournalStore _store;
    private readonly NoticeWriter _writer;
    private readonly RunWriter _runs;

    internal NoticeJournal(IJournalStore store, TimeProvider time, IProcessProbe probe)
    {
        _store = store;
        _writer = new NoticeWriter(time, probe, store.AlwaysFlushes);
        _runs = new RunWriter(time, probe);
    }

    /// <summary>How long a notice may be in the state <see cref="NoticeState.Sending"/>.</summary>
    public static TimeSpan Lease { get; } = TimeSpan.FromMinutes(10);

    /// <summary>The file that is used when none is named: one per user.</summary>
    public static string DefaultPath => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "DropboxOktaProvisioning", "journal.db");

    string? INoticeClaims.NewFile => NewFile;

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
        JournalSettings settings, TimeProvider time, IProcessProbe probe, CancellationToken cancellationToken)
    {
        return new NoticeJournal(await SqliteStore.OpenAsync(settings, cancellationToken), time, probe);
    }

    /// <summary>Opens a journal in PostgreSQL. One that is only read and is not there reads as an empty journal, and nothing is created.</summary>
    internal static async Task<NoticeJournal> OpenAsync(
        PostgresAddress address, bool readOnly, TimeProvider time, IProcessProbe probe, CancellationToken cancellationToken)
    {
        var store = await PostgresStore.OpenAsync(address, readOnly, cancellationToken);
        if (!store.IsEmpty) return new NoticeJournal(store, time, probe);
        await store.DisposeAsync();
        return await OpenInMemoryAsync(Guid.NewGuid().ToString("N"), time, cancellationToken);
    }

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
            var page = await _store.ReadAsync(session => ReadPage(session, filter, start), cancellationToken);
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
        session =>
        {
            var index = new NoticeIndex();
            var handovers = new List<(string Sender, DateTimeOffset On)>();
            NoticeRow? row = null;
            ActivationNotice? notice = null;
            session.Query(
                $"SELECT {NoticeRow.Columns(session.Version)}, r.key FROM notices n JOIN recipients r ON r.notice = n.seq ORDER BY n.seq",
                reader =>
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    if (row?.Seq != reader.GetInt64(0))
                    {
                        row = NoticeRow.Read(reader);
                        notice = _writer.AsSeenNow(row);
                        if (_writer.HandoverOfToday(row) is { } handover) handovers.Add(handover);
                    }

                    index.Add(reader.GetString(NoticeRow.Width), notice!);
                    return true;
                });
            index.Handovers = handovers.ToLookup(handover => handover.Sender, handover => handover.On);
            return index;
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _store.DisposeAsync();

    // A file is written by one at a time, and a short write lets others in between; a server flushes each write.
    int INoticeClaims.ClaimsAtOnce => _store.AlwaysFlushes ? 500 : 250;

    Task<IReadOnlyList<ClaimResult>> INoticeClaims.ClaimAsync(IReadOnlyList<ClaimRequest> requests, Durability durability, CancellationToken cancellationToken) =>
        _store.WriteAsync<IReadOnlyList<ClaimResult>>(
            session => [.. requests.Select(request => _writer.Claim(session, request))], durability, cancellationToken);

    Task<IReadOnlyList<NoticeClaim>> INoticeClaims.AdvanceAsync(
        IReadOnlyList<ClaimOutcome> settled, IReadOnlyList<NoticeClaim> next, CancellationToken cancellationToken) => _store.WriteAsync<IReadOnlyList<NoticeClaim>>(
        session =>
        {
            foreach (var outcome in settled) _writer.Settle(session, outcome);
            return [.. next.Where(claim => _writer.Begin(session, claim))];
        },
        Durability.Process, cancellationToken);

    Task<IReadOnlyList<ActivationNotice?>> INoticeClaims.HoldAsync(
        IReadOnlyList<ActivationNotice> waiting, IReadOnlyList<ActivationNotice> outdated, CancellationToken cancellationToken) => _store.WriteAsync<IReadOnlyList<ActivationNotice?>>(
        session =>
        {
            foreach (var notice in outdated) _writer.Forget(session, notice);
            return [.. waiting.Select(notice => _writer.Hold(session, notice))];
        },
        Durability.Flushed, cancellationToken);

    Task<Admission> INoticeClaims.AdmitAsync(NoticeClaim claim, string sender, SenderLimit limit, CancellationToken cancellationToken) =>
        _store.WriteAsync(session => _writer.Admit(session, claim, sender, limit), Durability.Process, cancellationToken);

    Task INoticeClaims.ReleaseAsync(IReadOnlyList<NoticeClaim> claims, string reason, CancellationToken cancellationToken) => _store.WriteAsync(
        session =>
        {
            foreach (var claim in claims) _writer.Release(session, claim, reason);
            return true;
        },
        Durability.Process, cancellationToken);

    Task<IReadOnlyList<ActivationNotice>> INoticeClaims.AbandonedAsync(CancellationToken cancellationToken) =>
        _store.ReadAsync(_writer.Abandoned, cancellationToken);

    private static List<NoticeRow> ReadPage(JournalSession session, NoticeFilter filter, (string IntendedOn, long Seq)? after)
    {
        var conditions = new List<string> { "1 = 1" };
        var values = new List<(string Name, object? Value)>();
        void Where(string condition, params ReadOnlySpan<(string Name, object? Value)> named)
        {
            conditions.Add(condition);
            values.AddRange(named);
        }

        if (filter.Kind is { } kind) Where("n.kind = @kind", ("@kind", kind.ToString()));
        if (filter.TeamId is { } team) Where("n.team_id = @team", ("@team", team));
        if (filter.Since is { } since) Where("n.id IN (SELECT notice_id FROM history WHERE changed_on >= @since)", ("@since", NoticeRow.Time(since)));
        if (after is { } last) Where("(n.intended_on, n.seq) < (@after, @seq)", ("@after", last.IntendedOn), ("@seq", last.Seq));
        var sql = string.Create(
            CultureInfo.InvariantCulture,
            $"""
            SELECT {NoticeRow.Columns(session.Version)} FROM notices n WHERE {string.Join(" AND ", conditions)}
            ORDER BY n.intended_on DESC, n.seq DESC LIMIT {PageSize}
            """);
        return session.Query(sql, NoticeRow.Read, [.. values]);
    }
}
