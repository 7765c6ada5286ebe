using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;
using DropboxOktaProvisioning.Shell.Host;

namespace DropboxOktaProvisioning.Shell;

/// <summary>A runspace that runs one script or text, shows its streams, and knows the exit code that pwsh would give.</summary>
internal sealed class ScriptSession : IDisposable
{
    private readonly ShellHost host;
    private readonly Runspace runspace;
    private readonly Lock gate = new();
    private PowerShell? running;
    private volatile bool stopped;

    public ScriptSession(ShellHost host)
    {
        this.host = host;
        var state = InitialSessionState.CreateDefault2();
        if (OperatingSystem.IsWindows())
        {
            // Windows' default policy refuses every script file; who starts this host with a script means to run it.
            state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Bypass;
        }

        runspace = RunspaceFactory.CreateRunspace(host, state);
        runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
        runspace.Open();
        Runspace.DefaultRunspace = runspace;
        if (!Terminal.HasColour)
        {
            PSStyle.Instance.OutputRendering = OutputRendering.PlainText;
        }
    }

    /// <summary>Runs a script file. Its exit code is what it exits with; 0 if it just ends; 1 after an uncaught error.</summary>
    public int RunFile(string path, IEnumerable<string> arguments)
    {
        // Like pwsh: a file of another name (`#!` scripts) runs by its text.
        var isScriptFile = Path.GetExtension(path).Equals(".ps1", StringComparison.OrdinalIgnoreCase);
        var command = new Command(isScriptFile ? path : File.ReadAllText(path), isScript: !isScriptFile, useLocalScope: false);
        foreach (var parameter in ScriptParameters.From(arguments))
        {
            command.Parameters.Add(parameter);
        }

        LetExitReachTheHost();
        return Run(command) ?? ExitCodes.Success;
    }

    /// <summary>Runs text. Its exit code is what it exits with; else 0 or 1, by whether its last statement succeeded.</summary>
    public int RunText(string text)
    {
        var exitCode = Run(new Command(text, isScript: true, useLocalScope: false));
        return exitCode ?? (runspace.SessionStateProxy.GetVariable("?") is true ? ExitCodes.Success : ExitCodes.Failure);
    }

    /// <summary>Stops what runs. False if there is nothing to stop or it was asked to already: then the process should end.</summary>
    public bool TryStop()
    {
        lock (gate)
        {
            if (running is null || stopped)
            {
                return false;
            }

            stopped = true;
            host.CancelPrompts();
            running.BeginStop(null, null);
            return true;
        }
    }

    public void Dispose() => runspace.Dispose();

    /// <summary>Runs one command to its end. Null if the exit code depends on how it ended.</summary>
    private int? Run(Command command)
    {
        using var shell = PowerShell.Create(runspace);
        // Out-Default shows errors too, each by its own view, in order with the output.
        command.MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        shell.Commands.AddCommand(command);
        shell.AddCommand("Out-Default");
        try
        {
            lock (gate)
            {
                running = shell;
            }

            // Only a pipeline of the history leaves its $? behind.
            shell.Invoke(input: null, new PSInvocationSettings { AddToHistory = true });
            return stopped ? ExitCodes.Interrupted : host.ExitCode;
        }
        catch (RuntimeException) when (stopped)
        {
            return ExitCodes.Interrupted;
        }
        catch (RuntimeException e)
        {
            Report(e);
            return ExitCodes.Failure;
        }
        finally
        {
            lock (gate)
            {
                running = null;
            }

            host.EndProgress();
        }
    }

    /// <summary>Shows an error that ended the pipeline, by the same view as any other error.</summary>
    private void Report(RuntimeException e)
    {
        using var shell = PowerShell.Create(runspace);
        using var asErrors = host.WriteAllAsErrors();
        shell.AddCommand("Out-Default").Invoke(new[] { new ErrorRecord(e.ErrorRecord, e) });
    }

    /// <summary>
    /// By default <c>exit</c> ends only the script file it stands in, and is then not to be told from a program's exit code in the last
    /// line. pwsh sets this engine flag, which has no public door, so that the <c>exit</c> of the first script reaches the host.
    /// </summary>
    private void LetExitReachTheHost()
    {
        const BindingFlags Internal = BindingFlags.Instance | BindingFlags.NonPublic;
        var context = typeof(Runspace).GetProperty("GetExecutionContext", Internal)!.GetValue(runspace)!;
        context.GetType().GetProperty("ScriptCommandProcessorShouldRethrowExit", Internal)!.SetValue(context, true);
    }
}
