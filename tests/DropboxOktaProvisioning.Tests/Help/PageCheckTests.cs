using DropboxOktaProvisioning.HelpBuilder;

namespace DropboxOktaProvisioning.Tests.Help;

/// <summary>What the build refuses.</summary>
public sealed class PageCheckTests : IDisposable
{
    private const string Command = "Get-ActivationNotice";
    private static readonly IReadOnlyList<ModuleCommand> Commands = ModuleCommands.Read(Repository.Manifest);
    private readonly string _folder = Directory.CreateTempSubdirectory("dop-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string File(string content)
    {
        var path = Path.Combine(_folder, $"{Command}.md");
        System.IO.File.WriteAllText(path, content);
        return path;
    }

    private static string Page => System.IO.File.ReadAllText(Path.Combine(Pages.Folder, $"{Command}.md"));

    private string[] Problems(string content) => [.. PageCheck.Problems(PageReader.Read(File(content)), Commands.Single(command => command.Name == Command), Commands).Select(problem => problem.Text)];

    [Fact]
    public void A_page_that_fits_has_no_problem() => Assert.Empty(Problems(Page));

    [Theory]
    [InlineData("### -Since", "### -Until", "-Since stands there 0 times")]
    [InlineData("### -Since", "### -Until", "has no parameter -Until")]
    [InlineData("`DateTimeOffset`.", "`String`.", "-Since is: `DateTimeOffset`.")]
    [InlineData("[-Since <DateTimeOffset>]", "", "The syntax is not the command's")]
    [InlineData("## Outputs", "## Exits", "There is no section 'Outputs'")]
    [InlineData("### DropboxOktaProvisioning.ActivationNotice", "### System.String", "Nothing is said of the output")]
    [InlineData("# Get-ActivationNotice", "# Get-Notice", "the command is Get-ActivationNotice")]
    [InlineData("Get-ActivationNotice nils", "Get-Notice nils", "The example does not run")]
    [InlineData("Get-ActivationNotice nils", "Get-ActivationNotice { nils", "The example cannot be read")]
    [InlineData("(Send-ActivationNotice.md)", "(Send-Notice.md)", "There is no page Send-Notice.md")]
    public void A_page_that_is_stale_is_refused(string old, string now, string problem)
    {
        Assert.Contains(old, Page, StringComparison.Ordinal);
        Assert.Contains(Problems(Page.Replace(old, now, StringComparison.Ordinal)), text => text.Contains(problem, StringComparison.Ordinal));
    }

    [Fact]
    public void Two_examples_are_the_least()
    {
        var page = Page;
        var second = page.IndexOf("### Look at one person", StringComparison.Ordinal);
        Assert.Contains("There are 1 examples; two at least.", Problems(page[..second] + page[page.IndexOf("## Parameters", StringComparison.Ordinal)..]));
    }

    [Fact]
    public void An_update_writes_what_follows_from_the_command_and_leaves_the_words()
    {
        var stale = Page.Replace("`DateTimeOffset`.", "`String`.", StringComparison.Ordinal).Replace("[-Since <DateTimeOffset>]", "[-Since <String>]", StringComparison.Ordinal)
            .Replace("### -Journal", "### -Diary", StringComparison.Ordinal);
        var command = Commands.Single(one => one.Name == Command);
        PageUpdate.Run(File(stale), command, new ParameterWords(Path.ChangeExtension(command.Type.Assembly.Location, ".xml")));
        Assert.Equal(Page, System.IO.File.ReadAllText(File(System.IO.File.ReadAllText(Path.Combine(_folder, $"{Command}.md")))));
    }
}
