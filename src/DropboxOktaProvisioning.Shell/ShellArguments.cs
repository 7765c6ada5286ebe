namespace DropboxOktaProvisioning.Shell;

/// <summary>What the host was asked to do.</summary>
internal enum ShellMode
{
    QuickStart,
    File,
    Command,
    Help,
}

/// <summary>The command line, read as pwsh reads it: the first option decides, and the rest belongs to the script.</summary>
/// <param name="Mode">What to do.</param>
/// <param name="Target">The full path of the script, or the text to run; empty where the mode needs none.</param>
/// <param name="ScriptArguments">What follows the script's path.</param>
/// <param name="Problem">Why the command line cannot be followed, or null.</param>
internal sealed record ShellArguments(ShellMode Mode, string Target, IReadOnlyList<string> ScriptArguments, string? Problem = null)
{
    public const string Usage = """
        Runs PowerShell scripts on PowerShell's own engine, on machines without pwsh.

          (no arguments)            runs the quick start, module/examples/QuickStart.ps1
          -File PATH [arguments]    runs a script; its arguments are bound as pwsh binds them
          -Command TEXT             runs the rest of the line as PowerShell text
          -Help                     shows this

        It has the engine's core cmdlets, the language and .NET. Cmdlets of the Utility and Management modules,
        such as Select-Object and Get-ChildItem, come with pwsh only.
        """;

    public static ShellArguments Parse(string[] args)
    {
        if (args.Length == 0)
        {
            return new(ShellMode.QuickStart, "", []);
        }

        return args[0].ToUpperInvariant() switch
        {
            "-FILE" or "-F" or "--FILE" => File(args),
            "-COMMAND" or "-C" or "--COMMAND" => Command(args),
            "-HELP" or "-H" or "-?" or "/?" or "--HELP" => new(ShellMode.Help, "", []),
            _ => Bad($"'{args[0]}' is not an option of this host."),
        };
    }

    private static ShellArguments File(string[] args)
    {
        if (args.Length < 2)
        {
            return Bad("-File needs the path of a script after it.");
        }

        var path = Path.GetFullPath(args[1]);
        return System.IO.File.Exists(path)
            ? new(ShellMode.File, path, args[2..])
            : Bad($"The argument '{args[1]}' is not recognized as the name of a script file: there is no file '{path}'.");
    }

    private static ShellArguments Command(string[] args) => args.Length < 2
        ? Bad("-Command needs the text to run after it.")
        : new(ShellMode.Command, string.Join(' ', args[1..]), []);

    private static ShellArguments Bad(string problem) => new(ShellMode.Help, "", [], problem);
}
