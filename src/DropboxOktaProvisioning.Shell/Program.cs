using System.Globalization;
using System.Text;
using DropboxOktaProvisioning.Shell;
using DropboxOktaProvisioning.Shell.Host;

Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

CultureInfo.CurrentUICulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.GetCultureInfo("en-US");

var arguments = ShellArguments.Parse(args);
if (arguments.Problem is not null)
{
    Console.Error.WriteLine(arguments.Problem);
    Console.Error.WriteLine("Run it with -Help to see how it is called.");
    return ExitCodes.BadCommandLine;
}

if (arguments.Mode == ShellMode.Help)
{
    Console.Out.WriteLine(ShellArguments.Usage);
    return ExitCodes.Success;
}

var script = arguments.Target;
if (arguments.Mode == ShellMode.QuickStart)
{
    script = ModuleRoot.QuickStartAbove(AppContext.BaseDirectory);
    if (script is null)
    {
        Console.Error.WriteLine(
            $"The quick start was not found: no folder above '{AppContext.BaseDirectory}' has {ModuleRoot.Manifest} and {ModuleRoot.QuickStart}. "
            + "Run this host from within the repository, or give it a script with -File.");
        return ExitCodes.Failure;
    }
}

using var session = new ScriptSession(new ShellHost());
Console.CancelKeyPress += (_, e) => e.Cancel = session.TryStop();
return arguments.Mode == ShellMode.Command ? session.RunText(script) : session.RunFile(script, arguments.ScriptArguments);
