using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace DropboxOktaProvisioning.Benchmarks;

/// <summary>A runspace of PowerShell's own engine.</summary>
internal sealed class ModuleRunspace : IDisposable
{
    private readonly Runspace _runspace;

    public ModuleRunspace()
    {
        var state = InitialSessionState.CreateDefault2();
        if (OperatingSystem.IsWindows()) state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Bypass;
        _runspace = RunspaceFactory.CreateRunspace(state);
        _runspace.Open();
    }

    public PowerShell Create(string script, params (string Name, object Value)[] variables)
    {
        foreach (var (name, value) in variables) _runspace.SessionStateProxy.SetVariable(name, value);
        var shell = PowerShell.Create();
        shell.Runspace = _runspace;
        shell.AddScript("$ErrorActionPreference = 'Stop'; " + script);
        return shell;
    }

    public IReadOnlyList<PSObject> Run(string script, params (string Name, object Value)[] variables)
    {
        using var shell = Create(script, variables);
        return shell.Invoke();
    }

    public void Import(string manifest) => Run("Import-Module $Manifest", ("Manifest", manifest));

    /// <summary>Connects both services as an admin does; takes <see cref="HostProcess.ConnectArguments"/>.</summary>
    public void Connect(string[] arguments) => Run(
        """
        $org = Connect-OktaOrg -Domain $Address -ApiToken $OktaToken
        $team = Connect-DropboxTeam -AppKey $AppKey -RefreshToken $RefreshToken -ServiceUri $Address
        """,
        ("Address", arguments[0]), ("OktaToken", Secret(arguments[1])), ("AppKey", arguments[2]), ("RefreshToken", Secret(arguments[3])));

    public static System.Security.SecureString Secret(string text)
    {
        var secret = new System.Security.SecureString();
        foreach (var character in text) secret.AppendChar(character);
        return secret;
    }

    public void Dispose() => _runspace.Dispose();
}
