using System.Globalization;
using System.Management.Automation.Host;

namespace DropboxOktaProvisioning.Shell.Host;

/// <summary>The engine's view of this program: its console, its name, and the wish to exit.</summary>
internal sealed class ShellHost : PSHost
{
    private readonly ShellUserInterface ui = new();

    /// <summary>What <c>exit</c> asked for, or null.</summary>
    public int? ExitCode { get; private set; }

    public override Guid InstanceId { get; } = Guid.NewGuid();
    public override string Name => "DropboxOktaProvisioning.Shell";
    public override Version Version { get; } = typeof(ShellHost).Assembly.GetName().Version!;
    public override CultureInfo CurrentCulture => CultureInfo.CurrentCulture;
    public override CultureInfo CurrentUICulture => CultureInfo.CurrentUICulture;
    public override PSHostUserInterface UI => ui;

    /// <summary>Until disposed, what is written goes where errors go.</summary>
    public IDisposable WriteAllAsErrors() => ui.WriteAllAsErrors();

    /// <summary>Clears a progress line that was left on the terminal.</summary>
    public void EndProgress() => ui.EndProgress();

    /// <summary>Ends a question that waits for an answer.</summary>
    public void CancelPrompts() => ui.CancelPrompts();

    public override void SetShouldExit(int exitCode) => ExitCode = exitCode;

    public override void EnterNestedPrompt() => throw new NotSupportedException("This host runs scripts; it has no nested prompt.");

    public override void ExitNestedPrompt() => throw new NotSupportedException("This host runs scripts; it has no nested prompt.");

    public override void NotifyBeginApplication() => ui.EndProgress();

    public override void NotifyEndApplication()
    {
    }
}
