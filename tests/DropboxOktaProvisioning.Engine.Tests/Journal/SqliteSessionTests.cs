using DropboxOktaProvisioning.Engine.Journal;
using Microsoft.Data.Sqlite;

namespace DropboxOktaProvisioning.Engine.Tests.Journal;

/// <summary>The short way to the database does what ADO.NET does.</summary>
public sealed class SqliteSessionTests : IDisposable
{
    private readonly SqliteConnection _connection = new("Data Source=:memory:");
    private readonly SqliteSession _session;

    public SqliteSessionTests()
    {
        _connection.Open();
        _session = new SqliteSession(_connection);
        _session.Execute("CREATE TABLE things (seq INTEGER PRIMARY KEY, value ANY, other TEXT UNIQUE) STRICT");
    }

    public void Dispose()
    {
        _session.Dispose();
        _connection.Dispose();
    }

    public static TheoryData<object?> Values =>
    [
        null, 7, long.MaxValue, "", "Zoë 例 🦊", "quote ' and \" and ; --", new string('ß', 5000), new byte[] { 0, 1, 255 },
    ];

    [Theory]
    [MemberData(nameof(Values))]
    public void A_value_comes_back_as_it_went(object? value)
    {
        var seq = _session.Insert("INSERT INTO things (value) VALUES (@value)", ("@value", value));
        var expected = value is int number ? (long)number : value ?? DBNull.Value;

        Assert.Equal(expected, _session.Scalar("SELECT value FROM things WHERE seq = @seq", ("@seq", seq)));
        Assert.Equal(expected, Assert.Single(_session.Query("SELECT value FROM things WHERE seq = @seq", reader => reader.GetValue(0), ("@seq", seq))));
    }

    [Fact]
    public void Keys_counts_and_parameters_in_another_order_are_right()
    {
        Assert.Equal(1, _session.Insert("INSERT INTO things (value, other) VALUES (@value, @other)", ("@value", 1), ("@other", "one")));
        Assert.Equal(2, _session.Insert("INSERT INTO things (value, other) VALUES (@value, @other)", ("@other", "two"), ("@value", 2)));
        Assert.Equal("two", _session.Scalar("SELECT other FROM things WHERE value = @value", ("@nobody", "asked"), ("@value", 2)));
        Assert.Null(_session.Scalar("SELECT other FROM things WHERE value = @value", ("@nobody", "asked"), ("@value", 3)));
        Assert.Equal(2, _session.Execute("UPDATE things SET value = 5"));
        Assert.Equal(0, _session.Execute("UPDATE things SET value = 6 WHERE value = @value", ("@value", 4)));
        Assert.Equal(1.5, _session.Scalar("SELECT 1.5"));
        Assert.Equal(2, _session.Execute("DELETE FROM things"));
    }

    [Fact]
    public void An_error_names_the_reason_and_leaves_the_statement_usable()
    {
        const string sql = "INSERT INTO things (other) VALUES (@other)";
        _session.Execute(sql, ("@other", "once"));
        var problem = Assert.Throws<SqliteException>(() => _session.Execute(sql, ("@other", "once")));
        Assert.Contains("UNIQUE", problem.Message, StringComparison.Ordinal);
        Assert.Equal(19, problem.SqliteErrorCode);
        Assert.Equal(1, _session.Execute(sql, ("@other", "twice")));
        Assert.Contains("syntax", Assert.Throws<SqliteException>(() => _session.Execute("SELEC 1")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => _session.Execute(sql, ("@other", 1.5)));
    }

    [Fact]
    public void A_missing_value_and_a_second_statement_are_refused()
    {
        const string sql = "INSERT INTO things (value, other) VALUES (@value, @other)";
        Assert.Contains("@other", Assert.Throws<ArgumentException>(() => _session.Execute(sql, ("@value", 1))).Message, StringComparison.Ordinal);
        Assert.Equal(1, _session.Execute(sql, ("@value", 1), ("@other", "one")));
        Assert.Contains("DELETE", Assert.Throws<ArgumentException>(() => _session.Execute("SELECT 1; DELETE FROM things")).Message, StringComparison.Ordinal);
        Assert.Equal(1L, _session.Scalar("SELECT count(*) FROM things; "));
    }

    [Fact]
    public void More_statements_than_are_kept_still_work()
    {
        for (var i = 0; i < 200; i++) Assert.Equal((long)i, _session.Scalar(FormattableString.Invariant($"SELECT {i}")));
        Assert.Equal(0L, _session.Scalar("SELECT 0"));
    }
}
