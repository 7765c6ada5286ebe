using System.Text;

namespace DropboxOktaProvisioning.HelpBuilder;

/// <summary>A command's syntax as text: one paragraph a parameter set, folded at 100 characters.</summary>
internal static class SyntaxText
{
    private const int Width = 100;

    public static string Of(ModuleCommand command) => string.Join("\n\n", command.Sets.Select(set => Fold(command.Name, [.. set.Parameters.Select(one => one.Syntax), .. Common(command)])));

    private static string[] Common(ModuleCommand command) =>
        command.Type.GetCustomAttributes(typeof(System.Management.Automation.CmdletAttribute), false) is [System.Management.Automation.CmdletAttribute { SupportsShouldProcess: true }]
            ? ["[-WhatIf]", "[-Confirm]", "[<CommonParameters>]"]
            : ["[<CommonParameters>]"];

    private static string Fold(string name, string[] words)
    {
        var text = new StringBuilder(name);
        var length = name.Length;
        foreach (var word in words)
        {
            if (length + 1 + word.Length > Width)
            {
                text.Append("\n   ");
                length = 3;
            }

            text.Append(' ').Append(word);
            length += 1 + word.Length;
        }

        return text.ToString();
    }
}
