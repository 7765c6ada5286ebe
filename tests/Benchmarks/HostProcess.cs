using System.Diagnostics;
using System.Globalization;

namespace DropboxOktaProvisioning.Benchmarks;

/// <summary>The sandbox host in a process of its own.</summary>
internal sealed class HostProcess : IDisposable
{
    // A twentieth is not assigned yet, and some of the team never were.
    private const double AssignedShare = 0.92;

    private readonly Process _process;
    private readonly Dictionary<string, string> _told;

    private HostProcess(Process process, Dictionary<string, string> told) => (_process, _told) = (process, told);

    public Uri Address => new(_told["okta"]);

    public string OktaToken => _told["okta-token"];

    public string DropboxAppKey => _told["dropbox-app-key"];

    public string DropboxRefreshToken => _told["dropbox-refresh-token"];

    public string DropboxAccessToken => _told["dropbox-access-token"];

    /// <summary>What a script needs to connect, in the order in which <see cref="ModuleRunspace.Connect"/> takes it.</summary>
    public string[] ConnectArguments => [Address.GetLeftPart(UriPartial.Authority), OktaToken, DropboxAppKey, DropboxRefreshToken];

    /// <summary>One whose app has so many users, and whose team at least as many members, removed ones too.</summary>
    /// <remarks>Not everybody of a world is assigned or on the team. It is so old that every push has landed, so nothing changes while it is read.</remarks>
    public static Task<HostProcess> StartFullAsync(int eachList) => StartAsync((int)Math.Ceiling(eachList / AssignedShare), ageDays: 20);

    public static async Task<HostProcess> StartAsync(int users, int latencyMilliseconds = 0, int ageDays = 0)
    {
        var start = new ProcessStartInfo("dotnet", 
        [
            Repository.SandboxHost, "--users", users.ToString(CultureInfo.InvariantCulture), "--latency", latencyMilliseconds.ToString(CultureInfo.InvariantCulture), "--age", ageDays.ToString(CultureInfo.InvariantCulture),
        ]) { RedirectStandardOutput = true };
        var process = Process.Start(start)!;
        var told = new Dictionary<string, string>();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line == "ready") return new HostProcess(process, told);
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            told[line[..space]] = line[(space + 1)..];
        }

        throw new InvalidOperationException("The sandbox host ended before it was ready.");
    }

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }
}
