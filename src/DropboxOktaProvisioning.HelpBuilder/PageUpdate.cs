namespace DropboxOktaProvisioning.HelpBuilder;

/// <summary>Writes into a page what follows from the command: the syntax, and each parameter's facts; new parameters with the words of the source. A person's words stay.</summary>
internal static class PageUpdate
{
    public static void Run(string file, ModuleCommand command, ParameterWords words)
    {
        if (!File.Exists(file)) File.WriteAllText(file, Skeleton(command, words));
        var before = File.ReadAllText(file);
        var page = PageReader.Read(file);
        List<string> lines = [.. before.Split('\n')];
        Replace(lines, "Syntax", ["", "```text", .. SyntaxText.Of(command).Split('\n'), "```", ""]);
        Replace(lines, "Parameters", [
            "", .. command.Parameters.SelectMany(one => Entry(one, page.Parameters.FirstOrDefault(entry => entry.Name == one.Name) is { } entry ? Written(before.Split('\n'), entry) : [words.Of(command.Type, one.Name)])),
        ]);
        var after = string.Join('\n', lines);
        if (after == before) return;
        File.WriteAllText(file, after);
        Console.WriteLine($"Updated {file}");
    }

    private static IEnumerable<string> Entry(ModuleParameter one, IEnumerable<string> words) => [$"### -{one.Name}", "", one.Facts, "", .. words, ""];

    // The words below the facts, as they are spelt.
    private static List<string> Written(string[] lines, PageEntry entry)
    {
        var rest = lines[entry.Line..].TakeWhile(line => !line.StartsWith('#')).SkipWhile(line => line.Length == 0);
        if (entry.Facts is not null) rest = rest.Skip(entry.Facts.Split('\n').Length).SkipWhile(line => line.Length == 0);
        var words = rest.ToList();
        while (words.Count > 0 && words[^1].Length == 0) words.RemoveAt(words.Count - 1);
        return words;
    }

    private static void Replace(List<string> lines, string section, IEnumerable<string> content)
    {
        var start = lines.IndexOf($"## {section}");
        if (start < 0) return;
        var end = lines.FindIndex(start + 1, line => line.StartsWith("## ", StringComparison.Ordinal));
        if (end < 0) end = lines.Count;
        lines.RemoveRange(start + 1, end - start - 1);
        lines.InsertRange(start + 1, content);
    }

    private static string Skeleton(ModuleCommand command, ParameterWords words) =>
        $"""
        # {command.Name}

        {words.Of(command.Type)}

        ## Syntax

        ## Description

        ## Examples

        ## Parameters

        ## Outputs

        {string.Join("\n\n", command.Outputs.DefaultIfEmpty("None").Select(output => $"### {output}"))}

        ## Errors

        ## Related links

        """;
}
