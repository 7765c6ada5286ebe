using DropboxOktaProvisioning.Tests.Shell;

namespace DropboxOktaProvisioning.Tests;

/// <summary>A person at a terminal: is asked above the limits, and may say beforehand that nothing need be asked.</summary>
public sealed class AttendedTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("-Force", "n", true)]
    [InlineData("", "y", true)]
    [InlineData("", "n", false)]
    public async Task At_the_prompt_the_answer_counts_and_Force_is_one(string parameter, string answer, bool isSent)
    {
        Skip.IfNot(Terminal.IsThere, "makes a terminal with script(1)");
        var path = _folder.Script($"""
            Import-Module '{Repository.Manifest}'
            $sandbox = Start-ProvisioningSandbox -UserCount 60 -PassThru
            $notices = @(Test-DropboxUserStatus | Send-ActivationNotice -MaximumCount 3 {parameter} -ErrorAction SilentlyContinue)
            "mails $($sandbox.Outbox.Count) held $(@($notices | Where-Object Reason -like 'Held back: *').Count)"
            """);
        var outcome = await Terminal.RunAsync(path, answer);

        Assert.Equal(parameter.Length == 0, outcome.Output.Contains("more than the 3 of -MaximumCount. Send them?", StringComparison.Ordinal));
        Assert.Contains(isSent ? "mails 16 held 0" : "mails 0 held 16", outcome.Output, StringComparison.Ordinal);
    }
}
