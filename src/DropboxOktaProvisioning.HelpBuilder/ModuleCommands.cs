using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;

namespace DropboxOktaProvisioning.HelpBuilder;

/// <summary>A command as PowerShell itself sees it.</summary>
/// <param name="Name">Verb and noun.</param>
/// <param name="Type">The class.</param>
/// <param name="HelpUri">Where the page is read online.</param>
/// <param name="Outputs">The full names of the types that it puts out; none if it puts out nothing.</param>
/// <param name="Sets">Its parameter sets, the default one first.</param>
internal sealed record ModuleCommand(string Name, Type Type, string HelpUri, IReadOnlyList<string> Outputs, IReadOnlyList<ParameterSet> Sets)
{
    /// <summary>Every parameter once, in the order of the sets.</summary>
    public IReadOnlyList<ModuleParameter> Parameters { get; } = [.. Sets.SelectMany(set => set.Parameters).GroupBy(one => one.Name).Select(ModuleParameter.Merge)];

    public string Verb => Name.Split('-')[0];

    public string Noun => Name.Split('-')[1];
}

/// <summary>A parameter set.</summary>
internal sealed record ParameterSet(string Name, IReadOnlyList<ModuleParameter> Parameters);

/// <summary>Reads the commands out of the module, imported from its manifest like anybody does.</summary>
internal static class ModuleCommands
{
    public static IReadOnlyList<ModuleCommand> Read(string manifest)
    {
        var state = InitialSessionState.CreateDefault2();
        state.ImportPSModule([manifest]);
        if (OperatingSystem.IsWindows()) state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Bypass;
        using var runspace = RunspaceFactory.CreateRunspace(state);
        runspace.Open();
        using var shell = PowerShell.Create(runspace);
        var found = shell.AddCommand("Get-Command").AddParameter("Module", Path.GetFileNameWithoutExtension(manifest)).AddParameter("CommandType", CommandTypes.Cmdlet).Invoke<CmdletInfo>();
        if (shell.HadErrors || found.Count == 0) throw new InvalidOperationException($"{manifest} has no commands: {string.Join("; ", shell.Streams.Error)}");
        return [.. found.Select(Describe).OrderBy(command => command.Name, StringComparer.Ordinal)];
    }

    private static ModuleCommand Describe(CmdletInfo cmdlet) => new(
        cmdlet.Name, cmdlet.ImplementingType, cmdlet.ImplementingType.GetCustomAttribute<CmdletAttribute>()?.HelpUri ?? "",
        [.. cmdlet.OutputType.Select(output => output.Type?.FullName ?? output.Name).Where(name => name != "System.Void")],
        [.. Sets(cmdlet.ParameterSets)]);

    private static IEnumerable<ParameterSet> Sets(ReadOnlyCollection<CommandParameterSetInfo> sets) => sets
        .OrderBy(set => !set.IsDefault).ThenBy(set => set.Name, StringComparer.Ordinal)
        .Select(set => new ParameterSet(set.Name, [
            .. set.Parameters.Where(one => !Cmdlet.CommonParameters.Contains(one.Name) && !Cmdlet.OptionalCommonParameters.Contains(one.Name)).Select(ModuleParameter.Of)
                .OrderBy(one => one.Position ?? int.MaxValue).ThenBy(one => !one.Mandatory),
        ]));
}
