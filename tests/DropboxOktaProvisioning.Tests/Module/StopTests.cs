using System.Management.Automation;

namespace DropboxOktaProvisioning.Tests;

/// <summary>Ctrl+C, and a consumer that leaves early.</summary>
public sealed class StopTests
{
    private const string Connect = """
        $secret = [Security.SecureString]::new(); 'not-a-real-token'.ToCharArray() | ForEach-Object { $secret.AppendChar($_) }
        $null = Connect-OktaOrg -Domain $Address -ApiToken $secret
        $null = Connect-DropboxTeam -AccessToken $secret -ServiceUri $Address

        """;

    private const string Waiting = "$row = [DropboxOktaProvisioning.DropboxUserStatus]@{ Email = 'a@contoso.example'; Stage = 'AwaitingActivation' };";

    /// <summary>Every command that waits for anybody, waiting.</summary>
    public static TheoryData<string> Commands =>
    [
        "Get-SilentProvisioning",
        "Enable-SilentProvisioning",
        "Disable-SilentProvisioning",
        "Test-DropboxUserStatus",
        "Test-DropboxUserStatus -Group Engineering",
        "'a@contoso.example' | Test-DropboxUserStatus",
        "Get-DropboxPersonalAccount contoso.example",
        "Test-DropboxUserStatus -Refresh Incremental -Journal $Folder/j.db",
        "Get-ActivationProgress -Refresh Incremental -Journal $Folder/j.db",
        "Wait-DropboxActivation",
        "Invoke-SilentProvisioning -From it@contoso.example -PickupDirectory $Folder -Journal $Folder/j.db",
        "New-ProvisioningPlan -From it@contoso.example -PickupDirectory $Folder -Journal $Folder/j.db",
        Waiting + "$row | Send-ActivationNotice -From it@contoso.example -SmtpServer 127.0.0.1 -Port $Silent -Journal $Folder/j.db",
        Waiting + "$row | Send-ActivationNotice -From it@contoso.example -GraphToken $secret -GraphUri http://127.0.0.1:$Silent -Journal $Folder/j.db",
        Waiting + "$row | Send-ActivationNotice -From it@contoso.example -GraphToken { $null = [Net.Sockets.TcpClient]::new('127.0.0.1', $Silent); while ($true) { } } -Journal $Folder/j.db",
        Waiting + "$row | Send-ActivationNotice -From it@contoso.example -PickupDirectory $Folder/out -WebhookUrl { \"http://127.0.0.1:$Silent/x\" } -WebhookKind Slack -Journal $Folder/j.db",
        "Connect-OktaOrg -Domain http://127.0.0.1:$Silent -ApiToken $secret",
        "Connect-DropboxTeam -AccessToken $secret -ServiceUri http://127.0.0.1:$Silent",
        "Connect-DropboxTeam -AppKey key -RefreshToken $secret -ServiceUri http://127.0.0.1:$Silent",
    ];

    [Theory, MemberData(nameof(Commands))]
    public async Task A_command_that_waits_for_a_service_is_stopped_and_leaves_no_error(string command)
    {
        using var service = new HangingService();
        using var silent = new HangingService(answersSignIn: false);
        using var session = new ModuleSession();
        session.Runspace.SessionStateProxy.SetVariable("Address", service.Address);
        session.Runspace.SessionStateProxy.SetVariable("Silent", silent.Port);
        session.Run(Connect).Clean();

        using var shell = session.Create(command);
        var running = shell.InvokeAsync();
        await Task.WhenAny(service.SomebodyWaitsAsync(), silent.SomebodyWaitsAsync(), running);
        // ReadAll, since reading an open stream waits for its end.
        Assert.False(running.IsCompleted, string.Join('\n', shell.Streams.Error.ReadAll().Select(error => error.ToString()).Append(running.Exception?.InnerException?.Message)));

        // The service never answers: a command that did not pass the stop on would wait here for ever.
        await shell.StopAsync(null, null).WaitAsync(TimeSpan.FromSeconds(30));
        await Assert.ThrowsAsync<PipelineStoppedException>(() => running);
        Assert.Equal(0, session.Run("$Error.Count").Clean().Output.Single().BaseObject);
    }

    [Fact]
    public void A_consumer_that_leaves_after_one_notice_has_caused_one_mail()
    {
        using var session = new ModuleSession();
        var result = session.Run("""
            $sandbox = Start-ProvisioningSandbox -PassThru
            $first = Test-DropboxUserStatus | Send-ActivationNotice | Where-Object State -eq Sent | Select-First 1
            $first
            $sandbox.Outbox.Count
            @(Get-ActivationNotice).Count
            """).Clean();
        Assert.Equal([1, 1], result.Output.Skip(1).Select(count => (int)count.BaseObject));
    }

    [Fact]
    public void Progress_is_throttled_and_closed()
    {
        using var session = new ModuleSession();
        session.Run("$null = Start-ProvisioningSandbox -UserCount 100000").Clean();
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var result = session.Run("$null = Test-DropboxUserStatus").Clean();
        var shown = result.Progress.Where(record => record.RecordType is ProgressRecordType.Processing).ToArray();

        Assert.True(shown.Length <= watch.Elapsed.TotalSeconds * 4 + 1, $"{shown.Length} in {watch.Elapsed}");
        Assert.Single(result.Progress.Select(record => record.ActivityId).Distinct());
        Assert.Equal(ProgressRecordType.Completed, result.Progress[^1].RecordType);
    }
}
