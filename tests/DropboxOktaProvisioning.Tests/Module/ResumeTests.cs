using System.Diagnostics;
using System.Text.RegularExpressions;
using DropboxOktaProvisioning.Tests.Shell;

namespace DropboxOktaProvisioning.Tests;

/// <summary>A run that was stopped anywhere goes on where it was, with a plan or without, and one run at a time has a scope.</summary>
public sealed partial class ResumeTests : IDisposable
{
    // So many that a run takes long after the mails that are waited for.
    private const int People = 3000;

    private readonly string _folder = Directory.CreateTempSubdirectory("dop-resume-").FullName;

    private string Outbox => Path.Combine(_folder, "out");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [GeneratedRegex(@"^To: .*?([\w.'+-]+@[\w.-]+)>?\s*$", RegexOptions.Multiline)]
    private static partial Regex Recipient();

    [GeneratedRegex(@"waiting (\d+) sent (\d+) before (\d+) unknown (\d+) moved (\d*)")]
    private static partial Regex Counts();

    private string Script(bool isPlanned, string before = "") =>
        $"""
        Import-Module '{Repository.Manifest}'
        Start-ProvisioningSandbox -UserCount {People}
        {before}
        $mail = @{ "{" } PickupDirectory = '{Outbox}'; Journal = '{_folder}/journal.db'; BackupPath = '{_folder}/backups'; MaximumCount = {People} { "}" }
        $result = Invoke-SilentProvisioning @mail {(isPlanned ? $"-Plan '{_folder}/plan.json' -Tolerance 0" : "")} -ErrorAction SilentlyContinue
        "waiting $($result.ByStage.AwaitingActivation) sent $($result.Sent) before $($result.ToldBefore) unknown $($result.Unknown) moved $($result.Moved)"
        """;

    private string[] Arguments(bool isPlanned)
    {
        var path = Path.Combine(_folder, "run.ps1");
        File.WriteAllText(path, Script(isPlanned));
        return ["-File", path];
    }

    private string[] Mails() => Directory.Exists(Outbox) ? Directory.GetFiles(Outbox, "*.eml") : [];

    private async Task PlanAsync(bool isPlanned)
    {
        if (!isPlanned) return;
        var made = await ShellProcess.RunInAsync(_folder, "-Command",
            $"Import-Module '{Repository.Manifest}'; Start-ProvisioningSandbox -UserCount {People}; $null = New-ProvisioningPlan '{_folder}/plan.json' -PickupDirectory '{Outbox}' -Journal '{_folder}/journal.db'");
        Assert.Equal((0, ""), (made.ExitCode, made.Errors));
    }

    private async Task UntilSomeLeftAsync(Process run)
    {
        await UntilSomeLeftAsync(() => run.HasExited);
        Assert.False(run.HasExited, "it was over before it could be stopped");
    }

    // On a thread of its own, since those of the pool are busy with other tests.
    private Task UntilSomeLeftAsync(Func<bool> isOver) => Task.Factory.StartNew(
        () =>
        {
            while (Mails().Length < 60 && !isOver()) Thread.Yield();
        },
        CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private async Task GoOnAsync(bool isPlanned)
    {
        var before = Mails().Length;
        var outcome = await ShellProcess.RunInAsync(_folder, Arguments(isPlanned));
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        var counts = Counts().Match(outcome.Output).Groups.Values.Skip(1).Select(count => count.Value.Length == 0 ? 0 : int.Parse(count.Value, null)).ToArray();
        var (waiting, sent, told) = (counts[0], counts[1], counts[2]);
        var recipients = Mails().Select(file => Recipient().Match(File.ReadAllText(file)).Groups[1].Value).ToArray();

        Assert.InRange(before, 1, waiting - 1);
        Assert.Equal(recipients.Length, recipients.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Equal(before + sent, recipients.Length);
        // What was in flight at the moment may be unknown, and is known to have left by the file that is there.
        Assert.InRange(waiting - sent - told, 0, 1);
        Assert.Equal(0, counts[4]);
        Assert.True(sent > 0);
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_a_kill_the_next_run_has_the_scope_at_once_and_tells_the_rest(bool isPlanned)
    {
        Skip.If(OperatingSystem.IsWindows(), "the kill is a SIGKILL");
        await PlanAsync(isPlanned);
        using (var run = ShellProcess.Start(ShellProcess.Executable, Arguments(isPlanned), _folder))
        {
            await UntilSomeLeftAsync(run);
            run.Kill();
            await run.WaitForExitAsync();
        }

        await GoOnAsync(isPlanned);
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_Ctrl_C_the_next_run_tells_the_rest(bool isPlanned)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Sends SIGINT with the tools of Linux.");
        await PlanAsync(isPlanned);
        using (var run = ShellProcess.Start("env", ["--default-signal=INT", ShellProcess.Executable, .. Arguments(isPlanned)], _folder))
        {
            await UntilSomeLeftAsync(run);
            using (var kill = Process.Start("kill", ["-INT", $"{run.Id}"])) await kill.WaitForExitAsync();
            Assert.Equal(130, (await ShellProcess.FinishAsync(run)).ExitCode);
        }

        await GoOnAsync(isPlanned);
    }

    [Fact]
    public async Task After_Stop_the_scope_is_free_and_the_next_run_of_the_same_process_tells_the_rest()
    {
        using var session = new ModuleSession();
        using (var shell = session.Create(Script(isPlanned: false)))
        {
            var running = shell.InvokeAsync();
            await UntilSomeLeftAsync(() => running.IsCompleted);
            await shell.StopAsync(null, null);
        }

        Assert.InRange(Mails().Length, 60, People);
        await GoOnAsync(isPlanned: false);
    }

    [Fact]
    public void A_second_run_on_the_same_scope_is_told_who_has_it_and_one_that_only_looks_or_has_another_scope_is_not_held_up()
    {
        using var session = new ModuleSession();
        using var other = new ModuleSession();
        var sandbox = session.Run("($sandbox = Start-ProvisioningSandbox 60 -PassThru)").Clean().Output.Single();
        other.Runspace.SessionStateProxy.SetVariable("sandbox", sandbox);
        other.Run("$PSDefaultParameterValues = @{ '*:OktaOrg' = $sandbox.OktaOrg; '*:DropboxTeam' = $sandbox.DropboxTeam }").Clean();

        ScriptResult? second = null;
        using var shell = session.Create("Invoke-SilentProvisioning -BackupPath $Folder -InformationAction SilentlyContinue");
        // Handlers run on the pipeline's own thread: the first run waits meanwhile, and has the scope.
        shell.Streams.Information.DataAdded += (_, added) =>
        {
            if (second is not null || !$"{shell.Streams.Information[added.Index]}".StartsWith("Silent provisioning of ", StringComparison.Ordinal)) return;
            second = other.Run("Invoke-SilentProvisioning -KeepSwitch");
            other.Run("Invoke-SilentProvisioning -KeepSwitch -WhatIf; Invoke-SilentProvisioning -KeepSwitch -Domain nowhere.example").Clean();
        };
        shell.Invoke();

        Assert.Empty(shell.Streams.Error);
        Assert.Equal("RunInProgress", second!.ErrorId);
        var error = second.AllErrors.Single();
        Assert.Equal((System.Management.Automation.ErrorCategory.ResourceBusy, "everyone"), (error.CategoryInfo.Category, error.TargetObject));
        Assert.Contains($"process {Environment.ProcessId} on {Environment.MachineName}, since 2026-01-05 09:00:00 UTC. It has the scope until 2026-01-05 09:10:00 UTC", error.ToString(), StringComparison.Ordinal);
        other.Run("Invoke-SilentProvisioning -KeepSwitch").Clean();
    }

    [Fact]
    public void A_group_by_its_name_and_by_its_id_is_one_scope_and_is_looked_up_once()
    {
        using var session = new ModuleSession();
        using var other = new ModuleSession();
        var sandbox = session.Run("($sandbox = Start-ProvisioningSandbox 60 -PassThru)").Clean().Output.Single();
        other.Runspace.SessionStateProxy.SetVariable("sandbox", sandbox);
        other.Run("$PSDefaultParameterValues = @{ '*:OktaOrg' = $sandbox.OktaOrg; '*:DropboxTeam' = $sandbox.DropboxTeam }").Clean();

        ScriptResult? byId = null;
        using var shell = session.Create("Invoke-SilentProvisioning -Group Engineering -BackupPath $Folder -InformationAction SilentlyContinue -Verbose");
        // Once its people are being read both the scope is held and the group's id shows.
        shell.Streams.Information.DataAdded += (_, added) =>
        {
            if (byId is not null || !$"{shell.Streams.Information[added.Index]}".Contains(" people: ", StringComparison.Ordinal)) return;
            var id = Paths("/api/v1/groups/").Single().Split('/')[4];
            byId = other.Run($"Invoke-SilentProvisioning -KeepSwitch -Group {id}");
        };
        shell.Invoke();

        Assert.Equal("RunInProgress", byId!.ErrorId);
        Assert.Single(Paths("/api/v1/groups?"));

        string[] Paths(string part) => [.. shell.Streams.Verbose.Select(line => line.Message).Where(line => line.Contains(part, StringComparison.Ordinal))];
    }
}
