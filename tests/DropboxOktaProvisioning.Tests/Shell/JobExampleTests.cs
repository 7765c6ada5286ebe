using YamlDotNet.Serialization;

namespace DropboxOktaProvisioning.Tests.Shell;

/// <summary>The GitHub Actions job that ships, its steps run one after the other as a runner does, with the sandbox behind a port in place of the services.</summary>
[Collection(nameof(PackedModule))]
public sealed class JobExampleTests(PackedModule packed) : IDisposable
{
    private static readonly string Examples = Path.Combine(ShellProcess.Root, "module", "examples");

    private readonly TemporaryFolder _checkout = new();

    private static Dictionary<object, object> Workflow => new DeserializerBuilder().Build().Deserialize<Dictionary<object, object>>(File.ReadAllText(Path.Combine(Examples, "github-actions.yml")));

    private static Dictionary<object, object> Job => Map(Map(Workflow["jobs"])["tell"]);

    public void Dispose() => _checkout.Dispose();

    [Fact]
    public void Secrets_are_secrets_of_the_repository_and_one_run_waits_for_the_other()
    {
        var secret = Map(Job["env"]).Where(one => one.Key is "OKTA_CLIENT_PRIVATEKEY" or "DROPBOX_REFRESH_TOKEN" or "PGPASSWORD").ToArray();
        Assert.Equal(3, secret.Length);
        Assert.All(secret, one => Assert.Equal($"${{{{ secrets.{one.Key} }}}}", one.Value));
        Assert.Equal("false", Map(Workflow["concurrency"])["cancel-in-progress"]);
        Assert.Equal("read", Map(Workflow["permissions"])["contents"]);
    }

    [SkippableFact]
    public async Task Its_steps_install_the_module_and_tell_those_who_wait_once()
    {
        Skip.If(OperatingSystem.IsWindows(), "The user's folder cannot be put elsewhere.");
        using var service = new SandboxProcess("--users", "60");
        Directory.CreateDirectory(Path.Combine(_checkout.Path, "modules"));
        File.Copy(packed.Package, Path.Combine(_checkout.Path, "modules", Path.GetFileName(packed.Package)));
        File.Copy(Path.Combine(Examples, "UnattendedRun.ps1"), Path.Combine(_checkout.Path, "UnattendedRun.ps1"));
        var outbox = Path.Combine(_checkout.Path, "outbox");

        await RunAsync(service, whatIf: true);
        Assert.False(Directory.Exists(outbox));
        await RunAsync(service, whatIf: false);
        var mails = PackedModule.Files(outbox);
        Assert.NotEmpty(mails);
        await RunAsync(service, whatIf: false);
        Assert.Equal(mails, PackedModule.Files(outbox));
    }

    private static Dictionary<object, object> Map(object value) => (Dictionary<object, object>)value;

    private async Task RunAsync(SandboxProcess service, bool whatIf)
    {
        var home = Directory.CreateDirectory(Path.Combine(_checkout.Path, $"{Guid.NewGuid():N}")).FullName; // each run has a runner of its own
        var environment = new Dictionary<string, string?> { ["HOME"] = home, ["XDG_DATA_HOME"] = null, ["PSModulePath"] = null, ["NO_COLOR"] = "1" };
        foreach (var (name, value) in Map(Job["env"])) environment[(string)name] = Value((string)value);
        var steps = ((List<object>)Job["steps"]).Select(Map).Where(step => step.ContainsKey("run")).ToArray();
        Assert.Equal(2, steps.Length);
        foreach (var step in steps)
        {
            Assert.Equal("pwsh", step["shell"]);
            // A runner's own first and last line; the sandbox's address, which no variable tells; and a pickup folder in place of the mail server.
            var script = _checkout.Script($$"""
                $ErrorActionPreference = 'stop'
                $PSDefaultParameterValues['Connect-DropboxTeam:ServiceUri'] = '{{service["dropbox"]}}'
                {{((string)step["run"]).Replace("-SmtpServer $env:SMTP_SERVER", "-PickupDirectory ./outbox", StringComparison.Ordinal).Replace("'Dropbox users'", "Engineering", StringComparison.Ordinal)}}
                if (Test-Path variable:LASTEXITCODE) { exit $LASTEXITCODE }
                """);
            var outcome = await Pwsh.RunAsync(_checkout.Path, environment, "-Command", $". '{script}'");
            Assert.True(outcome.ExitCode == 0, outcome.Output + outcome.Errors);
            Assert.DoesNotContain(service["dropbox-refresh-token"], outcome.Output + outcome.Errors, StringComparison.Ordinal);
        }

        string Value(string value) => value switch
        {
            "${{ vars.OKTA_CLIENT_ORGURL }}" => service["okta"],
            "${{ vars.OKTA_CLIENT_CLIENTID }}" => service["okta-client-id"],
            "${{ secrets.OKTA_CLIENT_PRIVATEKEY }}" => service["okta-private-key"],
            "${{ vars.DROPBOX_APP_KEY }}" => service["dropbox-app-key"],
            "${{ secrets.DROPBOX_REFRESH_TOKEN }}" => service["dropbox-refresh-token"],
            "${{ vars.JOURNAL }}" => Path.Combine(_checkout.Path, "notices.db"),
            "${{ inputs.what-if || false }}" => whatIf ? "true" : "false",
            _ when value.StartsWith("${{", StringComparison.Ordinal) => "",
            _ => value,
        };
    }
}
