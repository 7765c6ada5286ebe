using System.Data;
using Npgsql;

namespace DropboxOktaProvisioning.Engine.Journal;

/// <summary>A journal in PostgreSQL, for several workers on several machines.</summary>
/// <remarks>
/// Transactions are serializable, so that of two who claim one person at once the database itself lets one win; the other one's work is done
/// again and finds the claim. Rows of a person whom another worker is busy with are passed over (<c>FOR UPDATE SKIP LOCKED</c>).
/// </remarks>
internal sealed class PostgresStore : IJournalStore
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30), LongestPause = TimeSpan.FromMilliseconds(200);

    private readonly NpgsqlConnection _connection;
    private readonly JournalSession _session;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly string _name;
    private bool _isCommitting;

    private PostgresStore(PostgresAddress address)
    {
        _connection = new NpgsqlConnection(address.ConnectionString);
        _session = new JournalSession(_connection) { LockClause = "FOR UPDATE SKIP LOCKED" };
        _name = address.Name;
    }

    /// <inheritdoc/>
    public string? NewFile { get; private set; }

    /// <inheritdoc/>
    public bool AlwaysFlushes => true;

    /// <summary>Whether the database holds a journal.</summary>
    public bool IsEmpty => _session.Version == 0;

    /// <summary>Connects, and creates or upgrades the tables unless they are only to be read.</summary>
    /// <exception cref="ProvisioningException">JournalUnavailable, JournalReadOnly or JournalTooNew; each names host and database.</exception>
    public static async Task<PostgresStore> OpenAsync(PostgresAddress address, bool readOnly, CancellationToken cancellationToken)
    {
        var store = new PostgresStore(address);
        try
        {
            await store.PrepareAsync(readOnly, cancellationToken);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>The same as it is, and null where there is no journal of this version in the database: none is made, and none is brought up to it.</summary>
    public static async Task<PostgresStore?> OpenExistingAsync(PostgresAddress address, CancellationToken cancellationToken)
    {
        var store = await OpenAsync(address, readOnly: true, cancellationToken);
        if (store._session.Version == PostgresSchema.Current) return store;
        await store.DisposeAsync();
        return null;
    }

    /// <inheritdoc/>
    public Task<T> WriteAsync<T>(Func<JournalSession, T> work, Durability durability, CancellationToken cancellationToken) =>
        InTurnAsync(IsolationLevel.Serializable, work, cancellationToken);

    /// <inheritdoc/>
    public Task<T> ReadAsync<T>(Func<JournalSession, T> work, CancellationToken cancellationToken) =>
        InTurnAsync(IsolationLevel.RepeatableRead, work, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _session.Dispose();
        await _connection.DisposeAsync();
    }

    private async Task PrepareAsync(bool readOnly, CancellationToken cancellationToken)
    {
        try
        {
            await _connection.OpenAsync(cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            throw PostgresErrors.From(exception, _name);
        }

        var version = await ReadAsync(PostgresSchema.VersionOf, cancellationToken);
        if (version > PostgresSchema.Current) throw PostgresErrors.TooNew(_name, version);
        if (!readOnly && version < PostgresSchema.Current)
        {
            // Under the lock of the upgrade each one must see what the one before has done.
            await InTurnAsync(IsolationLevel.ReadCommitted, Upgrade, cancellationToken);
            if (version == 0) NewFile = $"in {_name}";
            version = PostgresSchema.Current;
        }

        _session.Version = version;
    }

    private static bool Upgrade(JournalSession session)
    {
        PostgresSchema.Upgrade(session);
        return true;
    }

    private async Task<T> InTurnAsync<T>(IsolationLevel isolation, Func<JournalSession, T> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var began = TimeProvider.System.GetTimestamp();
            for (var reopened = false; ;)
            {
                try
                {
                    return await TryAsync(isolation, work, cancellationToken);
                }
                catch (NpgsqlException exception) when (PostgresErrors.IsConflict(exception) && TimeProvider.System.GetElapsedTime(began) < Patience)
                {
                    // Not at the same moment as the one who was in the way.
                    await Task.Delay(Random.Shared.NextDouble() * LongestPause, TimeProvider.System, cancellationToken);
                }
                catch (NpgsqlException) when (!reopened && !_isCommitting && _connection.State != ConnectionState.Open)
                {
                    // The connection broke since it was used last. Nothing of this work was committed, so it is done on a new one.
                    reopened = true;
                }
            }
        }
        catch (NpgsqlException exception)
        {
            throw PostgresErrors.From(exception, _name);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<T> TryAsync<T>(IsolationLevel isolation, Func<JournalSession, T> work, CancellationToken cancellationToken)
    {
        _isCommitting = false;
        await ReopenAsync(cancellationToken);
        await using var transaction = await _connection.BeginTransactionAsync(isolation, cancellationToken);
        _session.Transaction = transaction;
        var result = work(_session);
        _isCommitting = true;
        await transaction.CommitAsync(cancellationToken);
        return result;
    }

    // Whose commit was under way when the connection broke has got an error; who comes later finds the database as it is.
    private async Task ReopenAsync(CancellationToken cancellationToken)
    {
        if (_connection.State == ConnectionState.Open) return;
        _session.Dispose();
        await _connection.CloseAsync();
        await _connection.OpenAsync(cancellationToken);
    }
}
