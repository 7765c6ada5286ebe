using System.Management.Automation;
using System.Management.Automation.Internal;

namespace DropboxOktaProvisioning.Tests.Help;

/// <summary>What Get-Help shows, in a real runspace.</summary>
public sealed class GetHelpTests : IClassFixture<GetHelpTests.Session>
{
    private readonly ModuleSession _session;

    public GetHelpTests(Session session) => _session = session.Module;

    public static TheoryData<string> Commands => [.. Pages.All.Select(page => page.Title)];

    private string Show(string script) => string.Join('\n', _session.Run(script).Clean().Output.Select(line => line.ToString()));

    [Theory, MemberData(nameof(Commands))]
    public void It_has_everything_that_the_page_has(string command)
    {
        var page = Pages.Of(command);
        Assert.Equal(HelpBuilder.PageReader.Plain(page.Synopsis), Show($"(Get-Help {command}).Synopsis"));
        Assert.Equal(page.Description[0], Show($"(Get-Help {command}).description[0].Text").TrimEnd());
        Assert.Equal(page.Examples.Select(example => example.Code), Show($"(Get-Help {command} -Examples).examples.example | ForEach-Object {{ $_.code; '--' }}").Split("\n--", StringSplitOptions.RemoveEmptyEntries).Select(code => code.TrimStart('\n')));
        Assert.Equal(page.Parameters.Select(entry => entry.Name).Order(StringComparer.Ordinal), Show($"(Get-Help {command} -Full).parameters.parameter.name").Split('\n').Order(StringComparer.Ordinal).SkipWhile(name => name.Length == 0));
        foreach (var entry in page.Parameters) Assert.Equal(entry.Words[0], Show($"(Get-Help {command} -Parameter {entry.Name}).description[0].Text").TrimEnd());
        foreach (var error in page.Errors) Assert.Contains($"{error.Id}: ", Show($"(Get-Help {command}).alertSet.alert.Text"), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Commands))]
    public void It_says_of_each_parameter_what_the_command_says(string command) => Assert.Equal("", Show($$"""
        $info = Get-Command {{command}}
        foreach ($one in (Get-Help {{command}} -Full).parameters.parameter) {
            $real = $info.Parameters[$one.name]
            if (-not $real) { "$($one.name) is not there" }
            $inEach = @($real.ParameterSets.Values | Where-Object IsMandatory -eq $false).Count -eq 0
            if ($one.required -ne "$inEach") { "$($one.name) required: $($one.required)" }
            if (($one.pipelineInput -like 'True*') -ne (@($real.ParameterSets.Values | Where-Object { $_.ValueFromPipeline -or $_.ValueFromPipelineByPropertyName }).Count -gt 0)) { "$($one.name) pipeline: $($one.pipelineInput)" }
        }
        """));

    [Theory, MemberData(nameof(Commands))]
    public void It_is_online_at_the_page_of_its_name(string command)
    {
        // PowerShell's own hook: shows the address in place of opening it.
        InternalTestHooks.SetTestHook("BypassOnlineHelpRetrieval", true);
        try
        {
            Assert.EndsWith($"/{command}.md", Show($"Get-Help {command} -Online").TrimEnd('.', ' ', '\''), StringComparison.Ordinal);
        }
        finally
        {
            InternalTestHooks.SetTestHook("BypassOnlineHelpRetrieval", false);
        }
    }

    [Fact]
    public void Every_about_topic_is_found_and_fits_80_columns()
    {
        var files = Directory.GetFiles(Path.Combine(Repository.Root, "en-US"), "about_*.help.txt");
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            var name = Path.GetFileName(file)[..^".help.txt".Length];
            var text = File.ReadAllText(file);
            Assert.All(File.ReadAllLines(file), line => Assert.True(line.Length <= 80 && line.TrimEnd() == line, $"{name}: {line}"));
            Assert.StartsWith($"TOPIC\n    {name}\n\nSHORT DESCRIPTION\n    ", text, StringComparison.Ordinal);
            Assert.Equal(text.TrimEnd(), Show($"Get-Help {name}").TrimEnd());
        }
    }

    [Fact]
    public void Every_topic_that_a_page_or_a_topic_names_is_there()
    {
        var folder = Path.Combine(Repository.Root, "en-US");
        var texts = Directory.GetFiles(folder, "about_*").Concat(Directory.GetFiles(Pages.Folder)).ToDictionary(file => file, File.ReadAllText);
        foreach (var (file, text) in texts)
        {
            foreach (System.Text.RegularExpressions.Match named in System.Text.RegularExpressions.Regex.Matches(text, @"about_DropboxOktaProvisioning\w*"))
                Assert.True(File.Exists(Path.Combine(folder, $"{named.Value}.help.txt")), $"{file} names {named.Value}");
        }
    }

    /// <summary>One runspace for all of them.</summary>
    public sealed class Session : IDisposable
    {
        internal ModuleSession Module { get; } = new();

        public void Dispose() => Module.Dispose();
    }
}
