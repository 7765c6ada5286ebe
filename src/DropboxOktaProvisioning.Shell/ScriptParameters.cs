using System.Management.Automation.Runspaces;

namespace DropboxOktaProvisioning.Shell;

/// <summary>Turns the words after <c>-File PATH</c> into parameters, by the rules of pwsh: a word stays the string it is.</summary>
internal static class ScriptParameters
{
    /// <summary>
    /// <c>-Name value</c> and <c>-Switch</c> are left to the engine's binder, which knows the script's parameters: a parameter without
    /// a value there takes the positional word after it, if it is no switch. <c>-Name:value</c> is split here.
    /// </summary>
    public static IEnumerable<CommandParameter> From(IEnumerable<string> words)
    {
        string? waiting = null;
        foreach (var word in words)
        {
            if (waiting is not null)
            {
                yield return new CommandParameter(waiting, word);
                waiting = null;
                continue;
            }

            if (word.Length < 2 || word[0] != '-')
            {
                yield return new CommandParameter(null, word);
                continue;
            }

            var colon = word.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0)
            {
                yield return new CommandParameter(word);
            }
            else if (colon == word.Length - 1)
            {
                waiting = word[..colon];
            }
            else
            {
                yield return new CommandParameter(word[..colon], SwitchValue(word[(colon + 1)..]));
            }
        }

        if (waiting is not null)
        {
            yield return new CommandParameter(waiting);
        }
    }

    private static object SwitchValue(string text) => text.ToUpperInvariant() switch
    {
        "$TRUE" or "TRUE" => true,
        "$FALSE" or "FALSE" => false,
        _ => text,
    };
}
