using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace DropboxOktaProvisioning.Engine.Journal;

/// <summary>Statements on a SQLite connection, which are bound and stepped without ADO.NET in between: a notice takes nine.</summary>
/// <param name="connection">The connection, which the session does not own.</param>
internal sealed class SqliteSession(SqliteConnection connection) : JournalSession(connection)
{
    private readonly Dictionary<string, Statement> _statements = new(StringComparer.Ordinal);
    private byte[] _text = new byte[1024];

    /// <inheritdoc/>
    public override int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        Run(Find(sql), parameters);
        return raw.sqlite3_changes(connection.Handle);
    }

    /// <inheritdoc/>
    public override long Insert(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        // RETURNING would make a table of its own for the answer.
        Run(Find(sql), parameters);
        return raw.sqlite3_last_insert_rowid(connection.Handle);
    }

    /// <inheritdoc/>
    public override object? Scalar(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) => Run(Find(sql), parameters);

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (var statement in _statements.Values) statement.Handle.Dispose();
        _statements.Clear();
        base.Dispose();
    }

    private Statement Find(string sql)
    {
        if (_statements.TryGetValue(sql, out var statement)) return statement;
        if (_statements.Count >= MostPrepared) Dispose();
        Check(raw.sqlite3_prepare_v3(connection.Handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var handle, out var rest));
        if (!string.IsNullOrWhiteSpace(rest))
        {
            handle.Dispose();
            throw new ArgumentException($"One statement at a time: {rest}", nameof(sql));
        }

        statement = new Statement(handle);
        _statements.Add(sql, statement);
        return statement;
    }

    // To its end, so that all of it has happened; the first row's first value is kept.
    private object? Run(Statement statement, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        for (var i = 0; i < parameters.Length; i++) Bind(statement.Handle, statement.Place(i, parameters[i].Name), parameters[i].Value);
        statement.Complete();
        object? first = null;
        int code;
        while ((code = raw.sqlite3_step(statement.Handle)) == raw.SQLITE_ROW) first ??= Value(statement.Handle);
        // Resetting says again what stepping said.
        raw.sqlite3_reset(statement.Handle);
        if (code != raw.SQLITE_DONE) Check(code);
        return first;
    }

    private void Bind(sqlite3_stmt handle, int place, object? value)
    {
        // A statement for an earlier version of the tables does without some.
        if (place == 0) return;
        Check(value switch
        {
            null => raw.sqlite3_bind_null(handle, place),
            string text => raw.sqlite3_bind_text(handle, place, Utf8(text)),
            int number => raw.sqlite3_bind_int64(handle, place, number),
            long number => raw.sqlite3_bind_int64(handle, place, number),
            byte[] bytes => raw.sqlite3_bind_blob(handle, place, bytes),
            _ => throw new ArgumentException($"The journal has no column for a {value.GetType()}."),
        });
    }

    // SQLite makes a copy of its own.
    private ReadOnlySpan<byte> Utf8(string text)
    {
        if (_text.Length < 3 * text.Length) _text = new byte[4 * text.Length];
        return _text.AsSpan(0, Encoding.UTF8.GetBytes(text, _text));
    }

    private static object Value(sqlite3_stmt handle) => raw.sqlite3_column_type(handle, 0) switch
    {
        raw.SQLITE_FLOAT => raw.sqlite3_column_double(handle, 0),
        raw.SQLITE_INTEGER => raw.sqlite3_column_int64(handle, 0),
        raw.SQLITE_TEXT => raw.sqlite3_column_text(handle, 0).utf8_to_string(),
        raw.SQLITE_BLOB => raw.sqlite3_column_blob(handle, 0).ToArray(),
        _ => DBNull.Value,
    };

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK) SqliteException.ThrowExceptionForRC(code, connection.Handle);
    }

    /// <summary>A prepared statement, and where its parameters stand: a place gives them always in the same order.</summary>
    private sealed class Statement(sqlite3_stmt handle)
    {
        private readonly List<(string Name, int Place)> _places = [];
        private bool _isComplete;

        public sqlite3_stmt Handle => handle;

        public int Place(int index, string name)
        {
            if (index < _places.Count && ReferenceEquals(_places[index].Name, name)) return _places[index].Place;
            var place = raw.sqlite3_bind_parameter_index(handle, name);
            if (index == _places.Count) _places.Add((name, place));
            return place;
        }

        /// <summary>Each parameter of the text must have been given: SQLite would take NULL for it, or the value from before.</summary>
        public void Complete()
        {
            if (_isComplete) return;
            var missing = Enumerable.Range(1, raw.sqlite3_bind_parameter_count(handle)).FirstOrDefault(place => _places.TrueForAll(known => known.Place != place));
            if (missing > 0) throw new ArgumentException($"A value is missing for {raw.sqlite3_bind_parameter_name(handle, missing).utf8_to_string()}.");
            _isComplete = true;
        }
    }
}
