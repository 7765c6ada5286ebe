using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;

namespace DropboxOktaProvisioning.Tests;

/// <summary>What a script left behind in each stream.</summary>
internal sealed record ScriptResult(
    IReadOnlyList<PSObject> Output, IReadOnlyList<ErrorRecord> Errors, IReadOnlyList<string> Warnings, IReadOnlyList<string> Verbose, IReadOnlyList<ProgressRecord> Progress, Exception? Terminating)
{
    /// <summary>The id of the only error, without the command's name behind it.</summary>
    public string ErrorId => Assert.Single(AllErrors).FullyQualifiedErrorId.Split(',')[0];

    public IEnumerable<ErrorRecord> AllErrors => Terminating is IContainsErrorRecord { ErrorRecord: { } record } ? Errors.Append(record) : Errors;

    public ScriptResult Clean()
    {
        Assert.True(!AllErrors.Any() && Terminating is null, string.Join('\n', AllErrors.Select(error => $"{error.FullyQualifiedErrorId}: {error} {error.InvocationInfo?.PositionMessage}").Append(Terminating?.Message)));
        return this;
    }
}

/// <summary>A runspace of PowerShell's own engine with the module imported from its manifest.</summary>
internal sealed class ModuleSession : IDisposable
{
    public ModuleSession(bool import = true, PSHost? host = null)
    {
        var state = InitialSessionState.CreateDefault2();
        state.Commands.Add(new SessionStateCmdletEntry("Select-First", typeof(SelectFirstCommand), null));
        if (import) state.ImportPSModule([Repository.Manifest]);
        if (OperatingSystem.IsWindows()) state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Bypass;
        Runspace = host is null ? RunspaceFactory.CreateRunspace(state) : RunspaceFactory.CreateRunspace(host, state);
        Runspace.Open();
    }

    public Runspace Runspace { get; }

    /// <summary>A new empty folder that goes away with the session.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("dop-tests-").FullName;

    public PowerShell Create(string script)
    {
        Runspace.SessionStateProxy.SetVariable("Folder", Folder);
        var shell = PowerShell.Create();
        shell.Runspace = Runspace;
        shell.AddScript(script);
        return shell;
    }

    public ScriptResult Run(string script)
    {
        using var shell = Create(script);
        var output = new PSDataCollection<PSObject>();
        Exception? terminating = null;
        try
        {
            shell.Invoke(null, output);
        }
        catch (RuntimeException error)
        {
            terminating = error;
        }

        return new ScriptResult(
            [.. output], [.. shell.Streams.Error], [.. shell.Streams.Warning.Select(warning => warning.Message)], [.. shell.Streams.Verbose.Select(verbose => verbose.Message)], [.. shell.Streams.Progress], terminating);
    }

    public void Dispose()
    {
        Runspace.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
