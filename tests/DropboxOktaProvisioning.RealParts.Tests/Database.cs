using System.Globalization;
using Npgsql;

namespace DropboxOktaProvisioning.RealParts.Tests;

/// <summary>A PostgreSQL server of its own, in a folder of its own, on a port of its own.</summary>
public sealed class Database : IAsyncLifetime
{
    private string? _folder;
    private int _port;
    private int _databases;

    private static string? Programs => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Order().Select(version => Path.Combine(version, "bin")).LastOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")))
        : null;

    public async Task InitializeAsync()
    {
        if (Programs is null) return;
        _folder = Directory.CreateTempSubdirectory("postgres-").FullName;
        _port = Loopback.FreePort();
        if (Environment.IsPrivilegedProcess) await RealPart.RunAsync("chown", "postgres", _folder);
        await RunAsync("initdb", "--pgdata", Path.Combine(_folder, "data"), "--username", "postgres", "--auth-local", "trust", "--auth-host", "scram-sha-256", "--pwfile", await PasswordFileAsync());
        var options = string.Create(CultureInfo.InvariantCulture, $"-p {_port} -h 127.0.0.1 -k {_folder}");
        await RunAsync("pg_ctl", "--pgdata", Path.Combine(_folder, "data"), "--log", Path.Combine(_folder, "log"), "--options", options, "--wait", "start");
    }

    public async Task DisposeAsync()
    {
        if (_folder is null) return;
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Stops the server at once.</summary>
    public Task StopAsync() => RunAsync("pg_ctl", "--pgdata", Path.Combine(_folder!, "data"), "--mode", "immediate", "stop");

    /// <summary>The connection string of a new, empty database.</summary>
    public async Task<string> NewAsync()
    {
        RealPart.Require(Programs, "postgresql");
        var name = string.Create(CultureInfo.InvariantCulture, $"journal{Interlocked.Increment(ref _databases)}");
        await ExecuteAsync(ConnectionString("postgres"), $"CREATE DATABASE {name}");
        return ConnectionString(name);
    }

    public string ConnectionString(string database, string user = "postgres", string password = "made-up-4711") =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port};Database={database};Username={user};Password={password}");

    public static async Task<object?> ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    private async Task<string> PasswordFileAsync()
    {
        var path = Path.Combine(_folder!, "password");
        await File.WriteAllTextAsync(path, "made-up-4711");
        if (Environment.IsPrivilegedProcess) await RealPart.RunAsync("chown", "postgres", path);
        return path;
    }

    // The server refuses to run as root.
    private static Task RunAsync(string program, params string[] arguments) => Environment.IsPrivilegedProcess
        ? RealPart.RunAsync("runuser", ["-u", "postgres", "--", Path.Combine(Programs!, program), .. arguments])
        : RealPart.RunAsync(Path.Combine(Programs!, program), arguments);
}
