using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace DropboxOktaProvisioning.Engine.Journal;

/// <summary>How a journal's database is opened.</summary>
internal sealed record JournalSettings
{
    /// <summary>The file, or the name of the one in memory.</summary>
    public required string Path { get; init; }

    /// <summary>In memory, shared by all who open this name in this process while one of them has it open.</summary>
    public bool InMemory { get; init; }

    /// <summary>Creates the folder where it is not there. Only the default journal does: elsewhere a missing folder is a slip or a disk that is not mounted.</summary>
    public bool CreatesFolder { get; init; }

    /// <summary>Only look: a file that is not there is an empty journal, and stays not there.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>How long to wait for another process that holds the file.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The clock of that wait. Another process does not live by a rehearsal's clock, so it is the system's; tests have their own.</summary>
    public TimeProvider Waits { get; init; } = TimeProvider.System;

    /// <summary>Opens the file as on a medium that cannot be written; for tests.</summary>
    public bool WriteProtected { get; init; }

    /// <summary>The most pages that the file may have, 0 for no limit: a small disk, for tests.</summary>
    public int MaximumPages { get; init; }

    /// <summary>The upgrade steps.</summary>
    public IReadOnlyList<string> Steps { get; init; } = JournalSchema.Steps;
}

/// <summary>One connection to the journal's database: opening, transactions, waiting for others, and errors in words.</summary>
internal sealed class JournalStore : IAsyncDisposable
{
    // All who use one journal in this process take turns here, so that only other processes are waited for by asking again.
    private static readonly ConcurrentDictionary<string, SemaphoreSlim> Turns = new(StringComparer.Ordinal);
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(20);

    private readonly SqliteConnection _connection;
    private readonly JournalSettings _settings;
    private readonly SemaphoreSlim _turn;

    private JournalStore(SqliteConnection connection, JournalSettings settings)
    {
        _connection = connection;
        _settings = settings;
        _turn = Turns.GetOrAdd((settings.InMemory ? "memory:" : "file:") + settings.Path, _ => new SemaphoreSlim(1, 1));
    }

    /// <summary>The file, if the journal began empty when it was opened.</summary>
    public string? NewFile { get; private set; }

    /// <summary>Opens, creates or upgrades the database.</summary>
    public static async Task<JournalStore> OpenAsync(JournalSettings settings, CancellationToken cancellationToken)
    {
        if (!settings.InMemory)
        {
            settings = settings with { Path = Path.GetFullPath(settings.Path) };
            CheckFolder(settings);
        }

        if (settings is { ReadOnly: true, InMemory: false } && !HasContent(settings.Path))
        {
            settings = settings with { InMemory = true, Path = Guid.NewGuid().ToString("N") };
        }
        else if (settings is { ReadOnly: false, InMemory: false, WriteProtected: false })
        {
            OwnerOnlyFile.Create(settings.Path);
        }

        var store = new JournalStore(new SqliteConnection(ConnectionString(settings)), settings);
        try
        {
            await store.PrepareAsync(cancellationToken);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>Does work in one write transaction: all of it is on disk when this returns, or none of it.</summary>
    public Task<T> WriteAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellationToken) =>
        InTurnAsync("BEGIN IMMEDIATE", work, cancellationToken);

    /// <summary>Reads one consistent state.</summary>
    public Task<T> ReadAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellationToken) =>
        InTurnAsync("BEGIN; SELECT count(*) FROM sqlite_schema", work, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // The last one to close tidies the file up and locks it meanwhile.
        await _turn.WaitAsync();
        try
        {
            await _connection.DisposeAsync();
        }
        finally
        {
            _turn.Release();
        }
    }

    private static string ConnectionString(JournalSettings settings) => new SqliteConnectionStringBuilder
    {
        DataSource = settings.InMemory ? "journal-" + Uri.EscapeDataString(settings.Path) : settings.Path,
        Mode = settings.InMemory ? SqliteOpenMode.Memory
            : settings.ReadOnly || settings.WriteProtected ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWrite,
        Cache = settings.InMemory ? SqliteCacheMode.Shared : SqliteCacheMode.Private,
        // A pooled connection would keep the file open after the run.
        Pooling = false,
        DefaultTimeout = 1,
        ForeignKeys = true,
    }.ToString();

    private static void CheckFolder(JournalSettings settings)
    {
        if (Path.GetDirectoryName(settings.Path) is not { Length: > 0 } folder || Directory.Exists(folder)) return;
        // A plan that reads "nobody was told" out of a folder that is not there would have everybody told again.
        if (!settings.CreatesFolder) throw JournalErrors.Unavailable(settings.Path, $"The folder '{folder}' is not there.", null);
        if (settings.ReadOnly) return;
        try
        {
            OwnerOnlyFile.CreateFolder(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw JournalErrors.Unavailable(settings.Path, exception.Message, exception);
        }
    }

    private static bool HasContent(string path) => new FileInfo(path) is { Exists: true, Length: > 0 };

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await TranslateAsync(async () =>
        {
            await _connection.OpenAsync(cancellationToken);
            // We wait ourselves, because the wait must end when the run is cancelled.
            raw.sqlite3_busy_timeout(_connection.Handle, 0);
        });
        var writes = !_settings.ReadOnly || _settings.InMemory;
        if (writes && raw.sqlite3_db_readonly(_connection.Handle, "main") == 1) throw JournalErrors.From(raw.SQLITE_READONLY, _settings.Path);
        // Looked at before anything is written: a file that is not ours stays as it is.
        await ReadAsync(CheckWhole, cancellationToken);
        if (writes && !_settings.InMemory) await WriteAheadAsync(cancellationToken);
        if (writes) await WriteAsync(Upgrade, cancellationToken);
        if (_settings.MaximumPages > 0) JournalSchema.Execute(_connection, FormattableString.Invariant($"PRAGMA max_page_count = {_settings.MaximumPages}"));
    }

    private async Task WriteAheadAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await RunWhenFreeAsync("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL", cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    private bool Upgrade(SqliteConnection connection)
    {
        CheckVersion(connection);
        if (!_settings.InMemory && JournalSchema.VersionOf(connection) == 0) NewFile = _settings.Path;
        JournalSchema.Upgrade(connection, _settings.Steps);
        return true;
    }

    private bool CheckWhole(SqliteConnection connection)
    {
        CheckVersion(connection);
        // A journal that lost a page may have lost a claim, and then somebody would be told twice.
        if (JournalSchema.Scalar(connection, "PRAGMA quick_check(1)") is not "ok") throw JournalErrors.From(raw.SQLITE_CORRUPT, _settings.Path);
        return true;
    }

    private void CheckVersion(SqliteConnection connection)
    {
        if (!JournalSchema.IsJournal(connection)) throw JournalErrors.NotAJournal(_settings.Path, "is a database of another program");
        var version = JournalSchema.VersionOf(connection);
        if (version > _settings.Steps.Count) throw JournalErrors.TooNew(_settings.Path, version, _settings.Steps.Count);
    }

    private async Task<T> InTurnAsync<T>(string begin, Func<SqliteConnection, T> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await RunWhenFreeAsync(begin, cancellationToken);
            try
            {
                var result = work(_connection);
                JournalSchema.Execute(_connection, "COMMIT");
                return result;
            }
            catch
            {
                // Some errors, a full disk among them, have rolled back already.
                if (raw.sqlite3_get_autocommit(_connection.Handle) == 0) raw.sqlite3_exec(_connection.Handle, "ROLLBACK");
                throw;
            }
        }
        catch (SqliteException exception)
        {
            throw JournalErrors.From(exception, _settings.Path);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task RunWhenFreeAsync(string sql, CancellationToken cancellationToken)
    {
        var began = _settings.Waits.GetTimestamp();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var code = raw.sqlite3_exec(_connection.Handle, sql);
            if (code == raw.SQLITE_OK) return;
            var message = raw.sqlite3_errmsg(_connection.Handle).utf8_to_string();
            if (raw.sqlite3_get_autocommit(_connection.Handle) == 0) raw.sqlite3_exec(_connection.Handle, "ROLLBACK");
            if (!JournalErrors.IsBusy(code) || _settings.Waits.GetElapsedTime(began) >= _settings.Patience)
            {
                throw JournalErrors.From(code, _settings.Path, new SqliteException(message, code));
            }

            await Task.Delay(AskAgain, _settings.Waits, cancellationToken);
        }
    }

    private async Task TranslateAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (SqliteException exception)
        {
            throw JournalErrors.From(exception, _settings.Path);
        }
    }
}
