using System.Reflection;
using System.Text.RegularExpressions;

namespace DropboxOktaProvisioning.Engine.Tests;

/// <summary>The words about errors are held to the ids that there are.</summary>
public sealed partial class ErrorTopicTests
{
    private static readonly string Root = FindRoot();

    private static readonly string[] Ids = [.. typeof(ErrorIds).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!)];

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "DropboxOktaProvisioning.psd1"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"No manifest above {AppContext.BaseDirectory}.");
    }

    [Fact]
    public void The_about_topic_has_every_id_once_with_a_cause_and_a_remedy()
    {
        var text = File.ReadAllText(Path.Combine(Root, "en-US", "about_DropboxOktaProvisioning_Errors.help.txt"));
        var entries = Entry().Matches(text).Select(match => match.Groups[1].Value).ToArray();
        Assert.Equal(Ids.Order(StringComparer.Ordinal), entries.Order(StringComparer.Ordinal));
        Assert.Equal(Ids, entries); // in the order in which they are declared, so that a new one has its place
    }

    [Fact]
    public void A_page_names_only_ids_that_there_are()
    {
        foreach (var page in Directory.GetFiles(Path.Combine(Root, "module", "help"), "*-*.md"))
        {
            var errors = File.ReadAllText(page).Split("\n## Errors\n")[1].Split("\n## ")[0];
            foreach (Match named in Named().Matches(errors)) Assert.True(Ids.Contains(named.Groups[1].Value), $"{page}: {named.Groups[1].Value}");
        }
    }

    [GeneratedRegex(@"^    (\w+)\n        Cause:  \S.+(?:\n {16}\S.+)*\n        Remedy: \S.+(?:\n {16}\S.+)*$", RegexOptions.Multiline)]
    private static partial Regex Entry();

    [GeneratedRegex("^- `(\\w+)`:", RegexOptions.Multiline)]
    private static partial Regex Named();
}
