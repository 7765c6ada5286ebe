using System.Diagnostics;
using System.Reflection;

namespace DropboxOktaProvisioning.Tests;

/// <summary>The sandbox host in a process of its own, for what must go over a real network address.</summary>
internal sealed class SandboxProcess : IDisposable
{
    private readonly Process _process;
    private readonly Dictionary<string, string> _told = new(StringComparer.Ordinal);

    public SandboxProcess(params string[] arguments)
    {
        var configuration = typeof(SandboxProcess).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        var program = Path.Combine(
            Repository.Root, "src", "DropboxOktaProvisioning.SandboxHost", "bin", configuration, "net10.0", "DropboxOktaProvisioning.SandboxHost.dll");
        _process = Process.Start(new ProcessStartInfo("dotnet", ["exec", program, .. arguments]) { RedirectStandardOutput = true })!;
        while (_process.StandardOutput.ReadLine() is { } line && line != "ready")
            _told[line[..line.IndexOf(' ', StringComparison.Ordinal)]] = line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..];
        if (!_told.ContainsKey("okta")) throw new InvalidOperationException("The sandbox host did not start.");
    }

    /// <summary>What it printed under a name, such as <c>okta-token</c>.</summary>
    public string this[string name] => _told[name];

    /// <summary>A script that signs in to both services as an unattended run does.</summary>
    public string Connect(string oktaScopes) =>
        $$"""
        Connect-OktaOrg {{this["okta"]}} -ClientId {{this["okta-client-id"]}} -PrivateKey { '{{this["okta-private-key"]}}' } -Scope {{oktaScopes}} | Out-Null
        Connect-DropboxTeam {{this["dropbox-app-key"]}} { '{{this["dropbox-refresh-token"]}}' } -ServiceUri {{this["dropbox"]}} | Out-Null
        """;

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }
}
