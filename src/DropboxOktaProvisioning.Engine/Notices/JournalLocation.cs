using DropboxOktaProvisioning.Engine.Journal;

namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>Where the journal is; opened only when it is needed, so that a plan creates nothing.</summary>
public sealed class JournalLocation
{
    // Nobody waits long for a budget: without one a run goes on.
    private static readonly TimeSpan BudgetPatience = TimeSpan.FromSeconds(2);

    private readonly Func<bool, TimeProvider, CancellationToken, Task<NoticeJournal>> _open;
    private readonly Func<CancellationToken, Task<IJournalStore?>> _openBudgets;

    private JournalLocation(
        Func<bool, TimeProvider, CancellationToken, Task<NoticeJournal>> open, Func<CancellationToken, Task<IJournalStore?>> openBudgets) => (_open, _openBudgets) = (open, openBudgets);

    private JournalLocation(JournalSettings settings)
        : this(
            (readOnly, time, token) => NoticeJournal.OpenAsync(settings with { ReadOnly = readOnly }, time, ProcessProbe.Instance, token),
            token => OpenBudgetsAsync(settings with { ChecksWhole = false, Patience = BudgetPatience }, token))
    {
    }

    /// <summary>A file as it is said; tests have one in a folder of their own.</summary>
    internal static JournalLocation Of(JournalSettings settings) => new(settings);

    /// <summary>The file of this user.</summary>
    public static JournalLocation Default => File(NoticeJournal.DefaultPath);

    /// <summary>A file.</summary>
    public static JournalLocation File(string path) => new(NoticeJournal.AtPath(path));

    /// <summary>Whether a text names a database, by a connection string or an address, and not a file.</summary>
    public static bool IsDatabase(string text) => PostgresAddress.IsOne(text);

    /// <summary>A PostgreSQL database, for several workers.</summary>
    /// <param name="connectionString">As Npgsql reads it, or an address postgresql://user@host/database.</param>
    /// <exception cref="ProvisioningException">It cannot be used (JournalUnavailable).</exception>
    public static JournalLocation Database(string connectionString)
    {
        var address = PostgresAddress.Of(connectionString);
        return new(
            (readOnly, time, token) => NoticeJournal.OpenAsync(address, readOnly, time, ProcessProbe.Instance, token),
            async token => await PostgresStore.OpenExistingAsync(address, token));
    }

    /// <summary>In memory, for a rehearsal: lives while somebody has it open.</summary>
    public static JournalLocation InMemory(string name) => new(new JournalSettings { Path = name, InMemory = true });

    /// <summary>Opens it for reading; creates nothing.</summary>
    /// <exception cref="ProvisioningException">As for <see cref="NoticeJournal.OpenReadOnlyAsync"/>.</exception>
    public Task<NoticeJournal> OpenReadOnlyAsync(TimeProvider time, CancellationToken cancellationToken) =>
        _open(true, time, cancellationToken);

    /// <summary>Opens it for writing, and creates it where it is not there.</summary>
    /// <exception cref="ProvisioningException">As for <see cref="NoticeJournal.OpenAsync(string, TimeProvider, CancellationToken)"/>.</exception>
    public Task<NoticeJournal> OpenAsync(TimeProvider time, CancellationToken cancellationToken) =>
        _open(false, time, cancellationToken);

    /// <summary>Opens it for the budgets of requests alone; null where it is not there. Those beside the default journal are made when they are needed.</summary>
    internal Task<IJournalStore?> OpenBudgetsAsync(CancellationToken cancellationToken) => _openBudgets(cancellationToken);

    private static async Task<IJournalStore?> OpenBudgetsAsync(JournalSettings settings, CancellationToken cancellationToken) =>
        !settings.CreatesFolder ? await SqliteStore.OpenExistingAsync(settings, cancellationToken)
        : await SqliteStore.OpenExistingAsync(settings.Budgets, cancellationToken) ?? await SqliteStore.OpenAsync(settings.Budgets, cancellationToken);
}
