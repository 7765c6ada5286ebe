using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace DropboxOktaProvisioning.Tests;

/// <summary>A person links the Dropbox app with a browser; an HTTP client stands in for it.</summary>
public sealed class SignInTests : IDisposable
{
    private const string Browser = "{ param($Address) $global:Shown = $Address; $global:Page = [Net.Http.HttpClient]::new().GetStringAsync($Address).GetAwaiter().GetResult() }";
    private readonly ModuleSession _session = new();

    public void Dispose() => _session.Dispose();

    private static string Connect(SandboxProcess host, string more = "") => string.Create(
        CultureInfo.InvariantCulture,
        $"$team = Connect-DropboxTeam {host["dropbox-app-key"]} -SignIn -ServiceUri {host["dropbox"]} -RedirectPort {FreePort.Take()} -Browser {Browser} {more}");

    [Fact]
    public void The_browser_brings_the_code_and_the_refresh_token_is_handed_out_once()
    {
        using var host = new SandboxProcess("--users", "60");
        var result = _session.Run($$"""
            {{Connect(host)}}
            $token = $team.TakeRefreshToken()
            $token.GetType().Name
            try { $null = $team.TakeRefreshToken(); 'twice' } catch { 'once' }
            "$($team.SignIn) $($team.Scopes -join ' ')"
            [Management.Automation.PSSerializer]::Serialize($team, 4)
            (Connect-DropboxTeam {{host["dropbox-app-key"]}} $token -ServiceUri {{host["dropbox"]}}).TeamId -eq $team.TeamId
            $Shown.Query
            $Page
            """).Clean();
        var output = result.Output.Select(one => one.ToString()!).ToArray();
        Assert.Equal(["SecureString", "once", "SignIn events.read members.read team_info.read"], output[..3]);
        Assert.DoesNotContain("sandbox-not-real-refresh", output[3], StringComparison.Ordinal);
        Assert.Equal("True", output[4]);
        Assert.Contains("token_access_type=offline&code_challenge_method=S256&code_challenge=", output[5], StringComparison.Ordinal);
        Assert.Contains("scope=events.read%20members.read%20team_info.read", output[5], StringComparison.Ordinal); // no more than the commands need
        Assert.Contains("You can close this page", output[6], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("denied", "", "SignInDenied")]
    [InlineData("userLink", "", "NotATeamToken")]
    [InlineData("allowed", "-Scope team_info.read, members.write", "ScopeNotGranted")]
    [InlineData("allowed", "-Scope 'members.read team_info.read'", "InvalidScope")]
    public void What_comes_of_a_refusal_is_told_with_an_id_of_its_own(string consent, string more, string id)
    {
        using var host = new SandboxProcess("--users", "60", "--consent", consent);
        var result = _session.Run(Connect(host, more));
        Assert.Equal(id, result.ErrorId);
        Assert.False(string.IsNullOrEmpty(result.AllErrors.Single().ErrorDetails.RecommendedAction));
        Assert.Equal("NotConnected", _session.Run("Start-ProvisioningSandbox; Stop-ProvisioningSandbox; Get-DropboxPersonalAccount contoso.example").ErrorId);
    }

    [Fact]
    public void An_answer_with_another_state_is_refused_and_the_wait_ends_by_itself()
    {
        using var host = new SandboxProcess("--users", "60", "--consent", "otherState");
        // The stand-in for the browser gets the refusal as an error of its own, and goes on.
        var result = _session.Run($"{Connect(host, "-TimeoutMinutes 0.01").Replace(".GetAwaiter().GetResult()", ".ContinueWith([Action[Threading.Tasks.Task]] { })", StringComparison.Ordinal)}");
        Assert.Equal("SignInTimedOut", result.ErrorId);
    }

    [Fact]
    public void A_port_that_is_taken_is_told()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        Assert.Equal("SignInPortTaken", _session.Run($"Connect-DropboxTeam key1 -SignIn -RedirectPort {port} -Browser {{ }}").ErrorId);
    }

    [Theory]
    [InlineData("-NoBrowser", "SignInNeedsPerson")]
    [InlineData("-NoBrowser -Browser { }", "ConflictingParameters")]
    public void Where_nobody_can_answer_nothing_waits(string how, string id) =>
        Assert.Equal(id, _session.Run($"Connect-DropboxTeam key1 -SignIn {how}").ErrorId);

    [Fact]
    public async Task Stopping_ends_the_wait_for_the_browser()
    {
        using var waiting = new ManualResetEventSlim();
        _session.Runspace.SessionStateProxy.SetVariable("Waiting", waiting);
        using var shell = _session.Create($"Connect-DropboxTeam key1 -SignIn -RedirectPort {FreePort.Take().ToString(CultureInfo.InvariantCulture)} -Browser {{ $Waiting.Set() }}");
        var run = shell.InvokeAsync();
        await Task.Run(() => Assert.True(waiting.Wait(TimeSpan.FromSeconds(30))));
        await Task.Run(shell.Stop);
        await Assert.ThrowsAnyAsync<Exception>(() => run);
        Assert.Equal(System.Management.Automation.PSInvocationState.Stopped, shell.InvocationStateInfo.State);
    }
}
