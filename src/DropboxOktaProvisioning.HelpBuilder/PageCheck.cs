using System.Management.Automation.Language;

namespace DropboxOktaProvisioning.HelpBuilder;

/// <summary>Whether a page fits its command: what follows from the command is there and true, and what a person must write is there.</summary>
internal static class PageCheck
{
    private static readonly string[] Required = ["Syntax", "Description", "Examples", "Parameters", "Outputs", "Errors", "Related links"];

    public static IEnumerable<PageProblem> Problems(HelpPage page, ModuleCommand command, IReadOnlyList<ModuleCommand> all)
    {
        PageProblem At(string section, string text) => new(page.File, page.Sections.GetValueOrDefault(section, 1), text);

        if (page.Title != command.Name) yield return new PageProblem(page.File, 1, $"The heading is '{page.Title}', and the command is {command.Name}.");
        if (page.Synopsis.Length == 0) yield return new PageProblem(page.File, 1, "There is no synopsis below the heading.");
        if (page.Synopsis.Contains('\n', StringComparison.Ordinal)) yield return new PageProblem(page.File, 3, "The synopsis is one line.");
        foreach (var section in Required.Except(page.Sections.Keys)) yield return new PageProblem(page.File, 1, $"There is no section '{section}'.");
        foreach (var section in page.Sections.Keys.Except(Required)) yield return At(section, $"Nobody reads a section '{section}': there are {string.Join(", ", Required)}.");
        if (page.Syntax != SyntaxText.Of(command)) yield return At("Syntax", "The syntax is not the command's.");
        if (page.Description.Count == 0) yield return At("Description", "The description is empty.");
        if (command.HelpUri.Length == 0 || !command.HelpUri.EndsWith($"/{command.Name}.md", StringComparison.Ordinal))
            yield return new PageProblem(page.File, 1, $"The command's HelpUri is '{command.HelpUri}': give it HelpUri = HelpPages.At + \"{command.Name}.md\".");
        if (page.Links.Count == 0) yield return At("Related links", "There are no links.");

        foreach (var problem in Examples(page, command).Concat(Parameters(page, command)).Concat(Outputs(page, command))) yield return problem;
        foreach (var error in page.Errors.Where(error => error.Id.Length == 0 || error.Words.Length == 0)) yield return new PageProblem(page.File, error.Line, "An error is written as: - `Id`: when it comes.");
        foreach (var link in page.Links.Where(link => link.Address is { } address && address.EndsWith(".md", StringComparison.Ordinal) && all.All(one => $"{one.Name}.md" != address)))
            yield return new PageProblem(page.File, link.Line, $"There is no page {link.Address}.");
    }

    private static IEnumerable<PageProblem> Examples(HelpPage page, ModuleCommand command)
    {
        if (page.Examples.Count < 2) yield return new PageProblem(page.File, page.Sections.GetValueOrDefault("Examples", 1), $"There are {page.Examples.Count} examples; two at least.");
        foreach (var example in page.Examples)
        {
            PageProblem Here(string text) => new(page.File, example.Line, text);
            if (example.Code.Length == 0) yield return Here("The example has no code.");
            if (example.Words.Count == 0) yield return Here("The example says nothing of what comes of it.");
            var script = Parser.ParseInput(example.Code, out _, out var errors);
            if (errors.Length > 0) yield return Here($"The example cannot be read: {errors[0].Message}");
            if (script.Find(ast => ast is CommandAst one && one.GetCommandName() == command.Name, searchNestedScriptBlocks: true) is null) yield return Here($"The example does not run {command.Name}.");
        }
    }

    private static IEnumerable<PageProblem> Parameters(HelpPage page, ModuleCommand command)
    {
        foreach (var one in command.Parameters)
        {
            var written = page.Parameters.Where(entry => entry.Name == one.Name).ToArray();
            if (written is not [var entry]) yield return new PageProblem(page.File, page.Sections.GetValueOrDefault("Parameters", 1), $"-{one.Name} stands there {written.Length} times.");
            else if (entry.Facts != one.Facts) yield return new PageProblem(page.File, entry.Line, $"-{one.Name} is: {one.Facts}");
            else if (entry.Words.Count == 0) yield return new PageProblem(page.File, entry.Line, $"-{one.Name} has no words.");
        }

        foreach (var entry in page.Parameters.Where(entry => command.Parameters.All(one => one.Name != entry.Name)))
            yield return new PageProblem(page.File, entry.Line, $"{command.Name} has no parameter -{entry.Name}.");
    }

    private static IEnumerable<PageProblem> Outputs(HelpPage page, ModuleCommand command)
    {
        string[] wanted = [.. command.Outputs.DefaultIfEmpty("None")];
        foreach (var missing in wanted.Except(page.Outputs.Where(entry => entry.Words.Count > 0).Select(entry => entry.Name)))
            yield return new PageProblem(page.File, page.Sections.GetValueOrDefault("Outputs", 1), $"Nothing is said of the output {missing}.");
        foreach (var entry in page.Outputs.Where(entry => !wanted.Contains(entry.Name))) yield return new PageProblem(page.File, entry.Line, $"{command.Name} does not declare the output {entry.Name}.");
    }
}
