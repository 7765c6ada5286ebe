using System.Diagnostics;
using System.Net;

namespace DropboxOktaProvisioning.Sandbox.Tests;

/// <summary>The host as the program that it is.</summary>
public sealed class HostProcessTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(0, "--users", "--help")]
    [InlineData(2, "'many'", "--users", "many")]
    [InlineData(2, "'418'", "--faults", "418:1")]
    [InlineData(2, "'--prot'", "--prot")]
    public async Task Arguments_decide_the_exit_code_and_a_wrong_one_is_named(int exitCode, string said, params string[] arguments)
    {
        using var host = Start(arguments);
        var output = await host.StandardOutput.ReadToEndAsync().WaitAsync(Guard);
        var errors = await host.StandardError.ReadToEndAsync().WaitAsync(Guard);
        await host.WaitForExitAsync().WaitAsync(Guard);
        Assert.Equal(exitCode, host.ExitCode);
        Assert.Contains(said, exitCode == 0 ? output : errors, StringComparison.Ordinal);
        Assert.Equal("", exitCode == 0 ? errors : output);
    }

    [SkippableFact]
    public async Task It_prints_where_it_is_and_what_signs_in_and_ends_when_asked_to()
    {
        Skip.If(OperatingSystem.IsWindows(), "SIGTERM is sent with kill.");
        using var host = Start("--users", "60", "--latency", "1");
        try
        {
            var lines = new Dictionary<string, string>();
            while (await host.StandardOutput.ReadLineAsync().WaitAsync(Guard) is { } line && line != "ready")
                lines[line.Split(' ')[0]] = line.Split(' ')[1];
            Assert.Equal(["dropbox", "dropbox-access-token", "dropbox-app-key", "dropbox-refresh-token", "okta", "okta-client-id", "okta-private-key", "okta-token"], lines.Keys.Order(StringComparer.Ordinal));
            using var http = new HttpClient();
            using var request = new HttpRequestMessage(HttpMethod.Get, lines["okta"] + "/api/v1/users/me");
            request.Headers.TryAddWithoutValidation("Authorization", "SSWS " + lines["okta-token"]);
            using var response = await http.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            using (var kill = Process.Start("kill", ["-TERM", host.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync();
            await host.WaitForExitAsync().WaitAsync(Guard);
            Assert.Equal(0, host.ExitCode);
        }
        finally
        {
            if (!host.HasExited) host.Kill();
        }
    }

    private static Process Start(params string[] arguments) => Process.Start(
        new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet", ["exec", Program(), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    private static string Program() => Path.Combine(AppContext.BaseDirectory, "DropboxOktaProvisioning.SandboxHost.dll");
}
