using DropboxOktaProvisioning.HelpBuilder;

namespace DropboxOktaProvisioning.Tests.Help;

/// <summary>The pages in module/help.</summary>
internal static class Pages
{
    public static string Folder { get; } = Path.Combine(Repository.Root, "module", "help");

    public static IReadOnlyList<HelpPage> All { get; } = [.. Directory.GetFiles(Folder, "*-*.md").Order(StringComparer.Ordinal).Select(PageReader.Read)];

    public static HelpPage Of(string command) => All.Single(page => page.Title == command);
}
