using System.Text.RegularExpressions;

namespace DropboxOktaProvisioning.HelpBuilder;

/// <summary>Reads a page. What it does not understand stays out of the page, and the check then misses it.</summary>
internal static partial class PageReader
{
    public static HelpPage Read(string file)
    {
        var blocks = Blocks(File.ReadAllLines(file)).ToArray();
        var title = Array.FindIndex(blocks, block => block.Level == 1);
        string[] names = [.. blocks.Where(block => block.Level == 2).Select(block => block.Text)];
        var links = Below(blocks, "Related links").SelectMany(block => block.Items()).ToArray();
        return new HelpPage
        {
            File = file,
            Title = title < 0 ? "" : blocks[title].Text,
            Synopsis = title >= 0 && title + 1 < blocks.Length && blocks[title + 1].Level == 0 ? blocks[title + 1].Text : "",
            Syntax = Below(blocks, "Syntax").FirstOrDefault(block => block.IsCode)?.Text ?? "",
            Description = [.. Below(blocks, "Description").SelectMany(block => block.Paragraphs())],
            Examples = [.. Entries(blocks, "Examples").Select(entry => new PageExample(
                entry.Heading.Line, entry.Heading.Text, string.Join("\n\n", entry.Under.Where(block => block.IsCode).Select(block => block.Text)),
                [.. entry.Under.Where(block => !block.IsCode).SelectMany(block => block.Paragraphs())]))],
            Parameters = [.. Entries(blocks, "Parameters").Select(Entry)],
            Outputs = [.. Entries(blocks, "Outputs").Select(Entry)],
            Errors = [.. Below(blocks, "Errors").SelectMany(block => block.Items()).Select(item => (item.Line, Match: Error().Match(item.Text)))
                .Select(item => new PageError(item.Line, item.Match.Groups[1].Value, Plain(item.Match.Groups[2].Value)))],
            Links = [.. links.Select(item => (item.Line, item.Text, Match: Link().Match(item.Text)))
                .Select(item => item.Match.Success ? new PageLink(item.Line, item.Match.Groups[1].Value, item.Match.Groups[2].Value) : new PageLink(item.Line, Plain(item.Text), null))],
            Sections = blocks.Where(block => block.Level == 2).GroupBy(block => block.Text).ToDictionary(group => group.Key, group => group.First().Line),
        };
    }

    /// <summary>Markdown without its marks: Get-Help shows plain text.</summary>
    public static string Plain(string text) => Link().Replace(text, match => match.Groups[1].Value).Replace("`", "", StringComparison.Ordinal).Replace("**", "", StringComparison.Ordinal).Trim();

    private static PageEntry Entry((Block Heading, IReadOnlyList<Block> Under) entry)
    {
        var facts = entry.Under is [{ IsCode: false } first, ..] && first.Text.StartsWith('`') && entry.Heading.Text.StartsWith('-') ? first.Text : null;
        return new PageEntry(entry.Heading.Line, entry.Heading.Text.TrimStart('-'), facts, [.. entry.Under.Skip(facts is null ? 0 : 1).SelectMany(block => block.Paragraphs())]);
    }

    private static IEnumerable<Block> Below(Block[] blocks, string section) =>
        blocks.SkipWhile(block => block.Level != 2 || block.Text != section).Skip(1).TakeWhile(block => block.Level is 0 or > 2);

    private static IEnumerable<(Block Heading, IReadOnlyList<Block> Under)> Entries(Block[] blocks, string section)
    {
        var rest = Below(blocks, section).ToArray();
        for (var i = 0; i < rest.Length; i++)
        {
            if (rest[i].Level == 3) yield return (rest[i], [.. rest[(i + 1)..].TakeWhile(block => block.Level == 0)]);
        }
    }

    // A heading, a fenced block, or lines up to the next empty one.
    private static IEnumerable<Block> Blocks(string[] lines)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            var start = i;
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                var end = Array.FindIndex(lines, i + 1, one => one.StartsWith("```", StringComparison.Ordinal));
                if (end < 0) end = lines.Length;
                yield return new Block(start + 1, 0, true, string.Join('\n', lines[(i + 1)..end]));
                i = end;
            }
            else if (Heading().Match(line) is { Success: true } heading)
            {
                yield return new Block(start + 1, heading.Groups[1].Length, false, heading.Groups[2].Value.Trim());
            }
            else if (line.Trim().Length > 0)
            {
                while (i + 1 < lines.Length && lines[i + 1].Trim().Length > 0 && !Heading().IsMatch(lines[i + 1]) && !lines[i + 1].StartsWith("```", StringComparison.Ordinal)) i++;
                yield return new Block(start + 1, 0, false, string.Join('\n', lines[start..(i + 1)]));
            }
        }
    }

    [GeneratedRegex(@"^(#{1,3})\s+(.+)$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"^`(\w+)`: (.+)$", RegexOptions.Singleline)]
    private static partial Regex Error();

    [GeneratedRegex(@"\[([^\]]+)\]\(([^)]+)\)")]
    private static partial Regex Link();

    private sealed record Block(int Line, int Level, bool IsCode, string Text)
    {
        /// <summary>The paragraphs, without marks; each item of a list is one.</summary>
        public IEnumerable<string> Paragraphs() => IsCode ? Text.Split('\n').Select(line => $"    {line}")
            : Text.StartsWith("- ", StringComparison.Ordinal) ? Items().Select(item => $"- {Plain(item.Text)}")
            : [Plain(Text.Replace('\n', ' '))];

        /// <summary>The items of a list, each with its line.</summary>
        public IEnumerable<(int Line, string Text)> Items()
        {
            var lines = Text.Split('\n');
            for (var i = 0; i < lines.Length; i++)
            {
                if (!lines[i].StartsWith("- ", StringComparison.Ordinal)) continue;
                var more = lines[(i + 1)..].TakeWhile(line => !line.StartsWith("- ", StringComparison.Ordinal)).Select(line => line.Trim());
                yield return (Line + i, string.Join(' ', more.Prepend(lines[i][2..])));
            }
        }
    }
}
