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

    /// <summary>Creates the folder where it is not there; only for the default file: elsewhere it is a slip, or a disk that is not mounted.</summary>
    public bool CreatesFolder { get; init; }

    /// <summary>The file of the user's budgets, beside the default journal: it is there whatever became of that one, and whatever version of the module wrote it.</summary>
    public JournalSettings Budgets => this with { Path = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path)!, "budgets.db"), Steps = SqliteSchema.BudgetSteps };

    /// <summary>Only look: a file that is not there is an empty journal, and stays not there.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Looks at the whole file for damage first. What keeps no claims needs no such look.</summary>
    public bool ChecksWhole { get; init; } = true;

    /// <summary>Whether an earlier version is brought up to this one.</summary>
    public bool Upgrades { get; init; } = true;

    /// <summary>How long to wait for another process that holds the file.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The clock of that wait. Another process does not live by a rehearsal's clock, so it is the system's; tests have their own.</summary>
    public TimeProvider Waits { get; init; } = TimeProvider.System;

    /// <summary>Opens the file as on a medium that cannot be written; for tests.</summary>
    public bool WriteProtected { get; init; }

    /// <summary>The most pages that the file may have, 0 for no limit: a small disk, for tests.</summary>
    public int MaximumPages { get; init; }

    /// <summary>The upgrade steps.</summary>
    public IReadOnlyList<string> Steps { get; init; } = SqliteSchema.Steps;
}

/// <summary>A journal in a file, or in memory for a rehearsal: one connection, used in turns.</summary>
internal sealed class SqliteStore : IJournalStore
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(20);

    private readonly SqliteConnection _connection;
    private readonly JournalSession _session;
    private readonly JournalSettings _settings;
    private readonly JournalTurn _turn;
    private Durability _durability = Durability.Flushed;
    private bool _disposed;

    private SqliteStore(SqliteConnection connection, JournalSettings settings)
    {
        _connection = connection;
        _session = new SqliteSession(connection);
        _settings = settings;
        _turn = JournalTurn.Join((settings.InMemory ? "memory:" : "file:") + settings.Path);
    }

    /// <inheritdoc/>
    public string? NewFile { get; private set; }

    /// <inheritdoc/>
    public bool AlwaysFlushes => false;

    /// <summary>Opens, creates or upgrades the database.</summary>
    public static async Task<SqliteStore> OpenAsync(JournalSettings settings, CancellationToken cancellationToken)
    {
        if (!settings.InMemory)
        {
            settings = settings with { Path = Path.GetFullPath(settings.Path) };
            // A plan that reads "nobody was told" out of a folder that is not there would have everybody told again.
            var folder = Path.GetDirectoryName(settings.Path);
            if (!settings.CreatesFolder && !Directory.Exists(folder))
                throw JournalErrors.Unavailable(settings.Path, $"The folder '{folder}' is not there.", null);
            if (Directory.Exists(settings.Path)) throw JournalErrors.Unavailable(settings.Path, "It is a folder.", null);
        }

        if (settings is { ReadOnly: true, InMemory: false } && !HasContent(settings.Path))
        {
            settings = settings with { InMemory = true, Path = Guid.NewGuid().ToString("N") };
        }
        else if (settings is { ReadOnly: false, InMemory: false, WriteProtected: false })
        {
            CreateFile(settings);
        }

        var store = new SqliteStore(new SqliteConnection(ConnectionString(settings)), settings);
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

    /// <summary>The same as it is, and null where there is no journal of this version in the file: none is made, and none is brought up to it.</summary>
    public static async Task<SqliteStore?> OpenExistingAsync(JournalSettings settings, CancellationToken cancellationToken)
    {
        if (settings.InMemory || !HasContent(settings.Path)) return null;
        var store = await OpenAsync(settings with { Upgrades = false }, cancellationToken);
        if (store._session.Version == settings.Steps.Count) return store;
        await store.DisposeAsync();
        return null;
    }

    /// <inheritdoc/>
    public Task<T> WriteAsync<T>(Func<JournalSession, T> work, Durability durability, CancellationToken cancellationToken) =>
        InTurnAsync("BEGIN IMMEDIATE", work, durability, cancellationToken);

    /// <inheritdoc/>
    public Task<T> ReadAsync<T>(Func<JournalSession, T> work, CancellationToken cancellationToken) =>
        InTurnAsync("BEGIN; SELECT count(*) FROM sqlite_schema", work, _durability, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        // The last one to close tidies the file up and locks it meanwhile. Nobody keeps the turn while waiting for anything, so this one comes soon.
        using (await _turn.TakeAsync(CancellationToken.None))
        {
            _session.Dispose();
            await _connection.DisposeAsync();
        }

        _turn.Dispose();
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

    private static void CreateFile(JournalSettings settings)
    {
        if (File.Exists(settings.Path)) return;
        try
        {
            if (settings.CreatesFolder) OwnerOnly.CreateFolder(Path.GetDirectoryName(settings.Path)!);
            OwnerOnly.Open(settings.Path, FileMode.OpenOrCreate).Dispose();
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
        await ReadAsync(_ => CheckWhole(_connection), cancellationToken);
        if (writes && !_settings.InMemory) await WriteAheadAsync(cancellationToken);
        if (writes && _settings.Upgrades) await WriteAsync(_ => Upgrade(_connection), Durability.Flushed, cancellationToken);
        _session.Version = SqliteSchema.VersionOf(_connection);
        if (_settings.MaximumPages > 0) SqliteSchema.Execute(_connection, FormattableString.Invariant($"PRAGMA max_page_count = {_settings.MaximumPages}"));
    }

    private async Task WriteAheadAsync(CancellationToken cancellationToken)
    {
        using var turn = await RunWhenFreeAsync("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -16384", Durability.Flushed, cancellationToken);
    }

    private bool Upgrade(SqliteConnection connection)
    {
        CheckVersion(connection);
        if (!_settings.InMemory && SqliteSchema.VersionOf(connection) == 0) NewFile = _settings.Path;
        SqliteSchema.Upgrade(connection, _settings.Steps);
        return true;
    }

    private bool CheckWhole(SqliteConnection connection)
    {
        CheckVersion(connection);
        if (!_settings.ChecksWhole) return true;
        // A journal that lost a page may have lost a claim, and then somebody would be told twice.
        if (SqliteSchema.Scalar(connection, "PRAGMA quick_check(1)") is not "ok") throw JournalErrors.From(raw.SQLITE_CORRUPT, _settings.Path);
        return true;
    }

    private void CheckVersion(SqliteConnection connection)
    {
        if (!SqliteSchema.IsJournal(connection)) throw JournalErrors.NotAJournal(_settings.Path, "is a database of another program");
        var version = SqliteSchema.VersionOf(connection);
        if (version > _settings.Steps.Count) throw JournalErrors.TooNew(_settings.Path, version, _settings.Steps.Count);
    }

    private async Task<T> InTurnAsync<T>(string begin, Func<JournalSession, T> work, Durability durability, CancellationToken cancellationToken)
    {
        using var turn = await RunWhenFreeAsync(begin, durability, cancellationToken);
        try
        {
            try
            {
                var result = work(_session);
                Commit();
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
    }

    // Runs it in our turn, and keeps the turn. Between two tries others have theirs.
    private async Task<IDisposable> RunWhenFreeAsync(string sql, Durability durability, CancellationToken cancellationToken)
    {
        var began = _settings.Waits.GetTimestamp();
        while (true)
        {
            var turn = await _turn.TakeAsync(cancellationToken);
            var keeps = false;
            try
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                Switch(durability);
                var code = raw.sqlite3_exec(_connection.Handle, sql);
                keeps = code == raw.SQLITE_OK;
                if (keeps) return turn;
                var message = raw.sqlite3_errmsg(_connection.Handle).utf8_to_string();
                if (raw.sqlite3_get_autocommit(_connection.Handle) == 0) raw.sqlite3_exec(_connection.Handle, "ROLLBACK");
                if (!JournalErrors.IsBusy(code) || _settings.Waits.GetElapsedTime(began) >= _settings.Patience)
                {
                    throw JournalErrors.From(code, _settings.Path, new SqliteException(message, code));
                }
            }
            finally
            {
                if (!keeps) turn.Dispose();
            }

            await Task.Delay(AskAgain, _settings.Waits, cancellationToken);
        }
    }

    private void Commit()
    {
        var code = raw.sqlite3_exec(_connection.Handle, "COMMIT");
        if (code != raw.SQLITE_OK) throw new SqliteException(raw.sqlite3_errmsg(_connection.Handle).utf8_to_string(), code);
    }

    // In write-ahead mode a commit under NORMAL is in the system's hands, which keep it when this process is killed.
    private void Switch(Durability durability)
    {
        if (durability == _durability || _settings.InMemory) return;
        SqliteSchema.Execute(_connection, durability == Durability.Flushed ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
        _durability = durability;
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
