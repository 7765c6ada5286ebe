using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace DropboxOktaProvisioning.Shell.Host;

/// <summary>Asks on a terminal. Where nobody is there to answer, it fails instead of waiting or guessing.</summary>
internal sealed class Questions(PSHostUserInterface ui)
{
    private readonly KeyReader keys = new();

    /// <summary>What to throw where an answer is needed and input is no terminal.</summary>
    public static HostException NobodyThere() => new(
        "An answer is needed, and input is not a terminal. Give the value as a parameter, or -Confirm:$false for a confirmation.",
        null,
        "NonInteractive",
        ErrorCategory.ResourceUnavailable);

    /// <summary>Ends a question that waits.</summary>
    public void Cancel() => keys.Cancel();

    public string ReadLine()
    {
        RequireTerminal();
        return keys.ReadLine(echo: true);
    }

    public SecureString ReadSecret()
    {
        RequireTerminal();
        var secret = new SecureString();
        foreach (var character in keys.ReadLine(echo: false))
        {
            secret.AppendChar(character);
        }

        secret.MakeReadOnly();
        return secret;
    }

    public Dictionary<string, PSObject> AskFields(string caption, string message, Collection<FieldDescription> fields)
    {
        RequireTerminal();
        Announce(caption, message);
        var answers = new Dictionary<string, PSObject>();
        foreach (var field in fields)
        {
            ui.Write($"{field.Name}: ");
            answers[field.Name] = field.ParameterTypeFullName == typeof(SecureString).FullName
                ? new PSObject(ReadSecret())
                : new PSObject(ReadLine());
        }

        return answers;
    }

    public int AskChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        RequireTerminal();
        Announce(caption, message);
        var labels = choices.Select(choice => choice.Label.Replace("&", "", StringComparison.Ordinal)).ToList();
        var letters = choices.Select(Letter).ToList();
        var offered = string.Join("  ", labels.Select((label, i) => letters[i].Length > 0 ? $"[{letters[i]}] {label}" : label));
        var fallback = defaultChoice >= 0 ? $" (default is \"{labels[defaultChoice]}\")" : "";
        while (true)
        {
            ui.Write($"{offered}{fallback}: ");
            var answer = ReadLine().Trim();
            if (answer.Length == 0 && defaultChoice >= 0)
            {
                return defaultChoice;
            }

            var chosen = Enumerable.Range(0, choices.Count).FirstOrDefault(i => Same(answer, letters[i]) || Same(answer, labels[i]), -1);
            if (answer.Length > 0 && chosen >= 0)
            {
                return chosen;
            }
        }
    }

    public PSCredential AskCredential(string caption, string message, string userName)
    {
        RequireTerminal();
        Announce(caption, message);
        if (string.IsNullOrEmpty(userName))
        {
            ui.Write("User: ");
            userName = ReadLine();
        }

        ui.Write($"Password for user {userName}: ");
        return new PSCredential(userName, ReadSecret());
    }

    private static bool Same(string answer, string label) => string.Equals(answer, label, StringComparison.OrdinalIgnoreCase);

    /// <summary>The letter that an ampersand in the label marks.</summary>
    private static string Letter(ChoiceDescription choice)
    {
        var mark = choice.Label.IndexOf('&', StringComparison.Ordinal);
        return mark >= 0 && mark + 1 < choice.Label.Length ? choice.Label[mark + 1].ToString().ToUpperInvariant() : "";
    }

    private static void RequireTerminal()
    {
        if (!Terminal.HasInput)
        {
            throw NobodyThere();
        }
    }

    private void Announce(string caption, string message)
    {
        foreach (var line in new[] { caption, message })
        {
            if (!string.IsNullOrEmpty(line))
            {
                ui.WriteLine(line);
            }
        }
    }
}
