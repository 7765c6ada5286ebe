using DropboxOktaProvisioning.Tests.Shell;

namespace DropboxOktaProvisioning.Tests;

/// <summary>Samples that are opened where somebody is there to look, and nowhere else.</summary>
public sealed class PreviewTests : IDisposable
{
    private const string NeedsTerminal = "makes a terminal with script(1)";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Samples => Path.Combine(_folder.Path, "samples");

    private string Opened => Path.Combine(_folder.Path, "opened");

    private string Keeping => $$"""-Browser { param($File) [IO.File]::AppendAllText('{{Opened}}', "$File`n") }""";

    private string Script(string parameters) => _folder.Script($$"""
        Import-Module '{{Repository.Manifest}}'
        $null = Start-ProvisioningSandbox 60
        try { $files = @(Send-ActivationNotice -Preview -PreviewPath '{{Samples}}' {{parameters}}); "files $($files.Count)" } catch { "failed $_" }
        """);

    [SkippableFact]
    public async Task At_a_terminal_the_page_that_leads_to_all_is_opened_once()
    {
        Skip.IfNot(Terminal.IsThere, NeedsTerminal);
        var outcome = await Terminal.RunAsync(Script(Keeping), "");
        Assert.Equal([Path.Combine(Samples, "index.html")], File.ReadAllLines(Opened));
        Assert.Matches("files [1-9]", outcome.Output);
    }

    [SkippableFact]
    public async Task Without_a_browser_of_its_own_it_is_the_desktops_and_without_a_desktop_none()
    {
        Skip.IfNot(Terminal.IsThere, NeedsTerminal);
        var opener = _folder.Script($"#!/bin/sh\nprintf '%s\\n' \"$1\" >> '{Opened}.part'\nmv '{Opened}.part' '{Opened}'\n", "xdg-open");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(opener, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var path = $"{_folder.Path}:{Environment.GetEnvironmentVariable("PATH")}";

        // It is waited for as long as the script runs: whoever opens a page does so beside the shell.
        var waits = $"for ($i = 0; $i -lt 600 -and -not [IO.File]::Exists('{Opened}'); $i++) {{ [Threading.Thread]::Sleep(50) }}";
        var text = File.ReadAllText(Script(""));
        await Terminal.RunAsync(_folder.Script($"{text}\n{waits}"), "", new Dictionary<string, string?> { ["PATH"] = path, ["DISPLAY"] = ":9" });
        Assert.Equal([Path.Combine(Samples, "index.html")], File.ReadAllLines(Opened));

        File.Delete(Opened);
        var outcome = await Terminal.RunAsync(Script(""), "", new Dictionary<string, string?> { ["PATH"] = path, ["DISPLAY"] = null, ["WAYLAND_DISPLAY"] = null });
        Assert.Matches("files [1-9]", outcome.Output);
        Assert.False(File.Exists(Opened));
    }

    [SkippableTheory]
    [InlineData("-Browser { throw 'no such program' }", "no such program")]
    [InlineData("", "This machine opened no browser")]
    public async Task A_browser_that_fails_is_a_warning_that_names_the_page_and_the_samples_are_there(string parameters, string says)
    {
        Skip.IfNot(Terminal.IsThere, NeedsTerminal);
        // A desktop on which there is no program to open anything with.
        var outcome = await Terminal.RunAsync(Script(parameters), "", new Dictionary<string, string?> { ["PATH"] = _folder.Path, ["DISPLAY"] = ":9", ["COLUMNS"] = "400" });
        var shown = string.Concat(outcome.Output.Where(one => one is not ('\n' or '\r'))); // the terminal folds lines
        Assert.Contains("WARNING: ", shown, StringComparison.Ordinal);
        Assert.Contains(says, shown, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(Samples, "index.html"), shown, StringComparison.Ordinal);
        Assert.Matches("files [1-9]", shown);
        Assert.DoesNotContain("failed ", shown, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task With_WhatIf_and_where_nobody_is_there_nothing_is_opened()
    {
        var redirected = await ShellProcess.RunAsync("-File", Script(Keeping));
        Assert.Matches("files [1-9]", redirected.Output);
        Skip.IfNot(Terminal.IsThere, NeedsTerminal);
        Assert.Contains("files 0", (await Terminal.RunAsync(Script($"{Keeping} -WhatIf"), "")).Output, StringComparison.Ordinal);
        // As a job of an automation service has it.
        var runbook = _folder.Script("$PSPrivateMetadata = @{ JobId = 'x' }\n" + File.ReadAllText(Script(Keeping)));
        Assert.Matches("files [1-9]", (await Terminal.RunAsync(runbook, "")).Output);
        Assert.False(File.Exists(Opened));
    }
}
