using System.Data.Common;

namespace DropboxOktaProvisioning.Engine.Journal;

/// <summary>Statements on one open connection; each text is prepared once.</summary>
/// <param name="connection">The connection, which the session does not own.</param>
internal class JournalSession(DbConnection connection) : IDisposable
{
    /// <summary>How many statements are kept prepared.</summary>
    protected const int MostPrepared = 64;

    private readonly Dictionary<string, DbCommand> _prepared = new(StringComparer.Ordinal);

    /// <summary>The schema's version in the open database; a journal that is only read may have an earlier one.</summary>
    public int Version { get; set; }

    /// <summary>Appended to the statement that takes hold of rows; empty where a write transaction has the database to itself.</summary>
    public string LockClause { get; init; } = "";

    /// <summary>The transaction that statements are part of, where the database wants to be told.</summary>
    public DbTransaction? Transaction { get; set; }

    /// <summary>Runs a statement.</summary>
    /// <returns>How many rows it changed.</returns>
    public virtual int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) => Command(sql, parameters).ExecuteNonQuery();

    /// <summary>Runs a statement and gives its first value back.</summary>
    public virtual object? Scalar(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) => Command(sql, parameters).ExecuteScalar();

    /// <summary>Inserts a row into a table whose key is <c>seq</c>.</summary>
    /// <returns>The row's key.</returns>
    public virtual long Insert(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) => (long)Scalar(sql + " RETURNING seq", parameters)!;

    /// <summary>Runs a query and reads each row.</summary>
    public List<T> Query<T>(string sql, Func<DbDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var rows = new List<T>();
        using var reader = Command(sql, parameters).ExecuteReader();
        while (reader.Read()) rows.Add(read(reader));
        return rows;
    }

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        foreach (var command in _prepared.Values) command.Dispose();
        _prepared.Clear();
    }

    private DbCommand Command(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (!_prepared.TryGetValue(sql, out var command))
        {
            if (_prepared.Count >= MostPrepared) Dispose();
            command = connection.CreateCommand();
            command.CommandText = sql;
            _prepared.Add(sql, command);
        }

        command.Transaction = Transaction;
        for (var i = 0; i < parameters.Length; i++)
        {
            var (name, value) = parameters[i];
            if (i == command.Parameters.Count)
            {
                var parameter = command.CreateParameter();
                parameter.ParameterName = name;
                command.Parameters.Add(parameter);
            }

            command.Parameters[i].Value = value ?? DBNull.Value;
        }

        return command;
    }
}
