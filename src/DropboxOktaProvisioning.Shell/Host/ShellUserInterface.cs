using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Internal;
using System.Security;

namespace DropboxOktaProvisioning.Shell.Host;

/// <summary>
/// Writes the streams where pwsh writes them: errors to stderr, all else to stdout, warnings, verbose and debug with their prefix.
/// </summary>
internal sealed class ShellUserInterface : PSHostUserInterface
{
    private readonly Lock gate = new();
    private readonly ProgressLine progress = new();
    private readonly Questions questions;
    private readonly ShellRawUserInterface rawUI = new();
    private bool allAreErrors;

    public ShellUserInterface() => questions = new Questions(this);

    public override PSHostRawUserInterface RawUI => rawUI;
    public override bool SupportsVirtualTerminal => Terminal.HasColour;

    public void EndProgress()
    {
        lock (gate)
        {
            progress.Clear();
        }
    }

    public void CancelPrompts() => questions.Cancel();

    /// <summary>Until disposed, what is written as output goes to stderr: for an error that is shown by its view.</summary>
    public IDisposable WriteAllAsErrors()
    {
        allAreErrors = true;
        return new Restore(() => allAreErrors = false);
    }

    public override void Write(string value) => Put(Output, value);

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        Put(Output, value, foregroundColor, backgroundColor);

    public override void WriteLine(string value) => Put(Output, value + Environment.NewLine);

    /// <summary>The view of an error has coloured it already, where there is colour.</summary>
    public override void WriteErrorLine(string value) => Put(Console.Error, value + Environment.NewLine);

    public override void WriteWarningLine(string message) => Put(Console.Out, $"WARNING: {message}{Environment.NewLine}", ConsoleColor.Yellow);

    public override void WriteVerboseLine(string message) => Put(Console.Out, $"VERBOSE: {message}{Environment.NewLine}", ConsoleColor.Yellow);

    public override void WriteDebugLine(string message) => Put(Console.Out, $"DEBUG: {message}{Environment.NewLine}", ConsoleColor.Yellow);

    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
        lock (gate)
        {
            progress.Show(record);
        }
    }

    public override string ReadLine() => questions.ReadLine();

    public override SecureString ReadLineAsSecureString() => questions.ReadSecret();

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) =>
        questions.AskFields(caption, message, descriptions);

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) =>
        questions.AskChoice(caption, message, choices, defaultChoice);

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        questions.AskCredential(caption, message, userName);

    public override PSCredential PromptForCredential(
        string caption,
        string message,
        string userName,
        string targetName,
        PSCredentialTypes allowedCredentialTypes,
        PSCredentialUIOptions options) => questions.AskCredential(caption, message, userName);

    private TextWriter Output => allAreErrors ? Console.Error : Console.Out;

    private void Put(TextWriter writer, string text, ConsoleColor? foreground = null, ConsoleColor? background = null)
    {
        lock (gate)
        {
            progress.Clear();
            var coloured = Terminal.HasColour && foreground is not null;
            if (coloured)
            {
                Console.ForegroundColor = foreground!.Value;
            }

            if (coloured && background is not null)
            {
                Console.BackgroundColor = background.Value;
            }

            // Views colour their text in any case; where there is no colour it is taken out here.
            writer.Write(Terminal.HasColour ? text : new StringDecorated(text).ToString(OutputRendering.PlainText));
            if (coloured)
            {
                Console.ResetColor();
            }
        }
    }

    private sealed class Restore(Action action) : IDisposable
    {
        public void Dispose() => action();
    }
}
