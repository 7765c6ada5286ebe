using System.Text.RegularExpressions;
using DropboxOktaProvisioning.Tests.Shell;

namespace DropboxOktaProvisioning.Tests;

/// <summary>Nobody is told twice, with real processes on one journal: one that is killed, and two at once.</summary>
public sealed partial class NeverTwiceTests : IDisposable
{
    private const int People = 2000;

    private readonly string _folder = Directory.CreateTempSubdirectory("dop-twice-").FullName;

    private string Outbox => Path.Combine(_folder, "out");

    private string[] Arguments =>
    [
        "-Command",
        $"Import-Module '{Repository.Manifest}'; Start-ProvisioningSandbox -UserCount {People}; "
            + $"$n = @(Test-DropboxUserStatus -Journal '{_folder}/journal.db' | Send-ActivationNotice -MaximumCount {People} -From it@contoso.example -PickupDirectory '{Outbox}' -Journal '{_folder}/journal.db'); "
            + "\"sent $(@($n | Where-Object State -eq Sent).Count) waiting $(@($n | Where-Object Stage -eq AwaitingActivation).Count)\"",
    ];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [GeneratedRegex(@"^To: .*?([\w.'+-]+@[\w.-]+)>?\s*$", RegexOptions.Multiline)]
    private static partial Regex Recipient();

    [GeneratedRegex(@"sent (\d+) waiting (\d+)")]
    private static partial Regex Counts();

    private string[] Mails() => Directory.Exists(Outbox) ? Directory.GetFiles(Outbox, "*.eml") : [];

    private string[] Recipients() => [.. Mails().Select(file => Recipient().Match(File.ReadAllText(file)).Groups[1].Value)];

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(60)]
    [InlineData(300)]
    public async Task After_a_kill_in_the_middle_the_next_run_tells_the_others_and_nobody_twice(int killAfter)
    {
        Skip.If(OperatingSystem.IsWindows(), "the kill is a SIGKILL");
        using (var first = ShellProcess.Start(ShellProcess.Executable, Arguments, _folder))
        {
            while (Mails().Length < killAfter && !first.HasExited) await Task.Yield();
            first.Kill();
            await first.WaitForExitAsync();
        }

        var before = Mails().Length;
        var outcome = await ShellProcess.RunInAsync(_folder, Arguments);
        Assert.Equal(0, outcome.ExitCode);
        var counts = Counts().Match(outcome.Output);
        var (sent, waiting) = (int.Parse(counts.Groups[1].Value, null), int.Parse(counts.Groups[2].Value, null));

        var recipients = Recipients();
        Assert.Equal(recipients.Length, recipients.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Equal(before + sent, recipients.Length);

        // Whoever has no mail is shown as Unknown: at most the one that was in flight.
        Assert.InRange(waiting - recipients.Length, 0, 1);
        using var session = new ModuleSession();
        var unknown = session.Run($"@(Get-ActivationNotice -Journal '{_folder}/journal.db' -State Unknown).Count").Clean().Output.Single().BaseObject;
        Assert.Equal(waiting - recipients.Length, unknown);
    }

    [Fact]
    public async Task Two_runs_at_once_tell_everybody_and_nobody_twice()
    {
        var outcomes = await Task.WhenAll(ShellProcess.RunInAsync(_folder, Arguments), ShellProcess.RunInAsync(_folder, Arguments));
        Assert.All(outcomes, outcome => Assert.True(outcome.ExitCode == 0, outcome.Errors));

        var recipients = Recipients();
        var counts = outcomes.Select(outcome => Counts().Match(outcome.Output)).ToArray();
        Assert.Equal(recipients.Length, recipients.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Equal(counts.Sum(count => int.Parse(count.Groups[1].Value, null)), recipients.Length);
        Assert.Equal(int.Parse(counts[0].Groups[2].Value, null), recipients.Length);
    }
}
