using System.Collections;
using System.Management.Automation.Language;
using System.Text.RegularExpressions;

namespace DropboxOktaProvisioning.Packer;

/// <summary>What the module's manifest says, read as data: nothing in it is run.</summary>
/// <param name="Name">The module's name, which is the manifest's.</param>
/// <param name="Version">Such as 1.2.3.</param>
/// <param name="Author">Who made it.</param>
/// <param name="Copyright">Whose it is.</param>
/// <param name="Description">One sentence.</param>
/// <param name="Commands">The cmdlets, by name.</param>
/// <param name="Tags">What the module is found by.</param>
/// <param name="ReleaseNotes">What the changelog says of this version.</param>
internal sealed partial record Manifest(
    string Name, string Version, string Author, string Copyright, string Description, IReadOnlyList<string> Commands, IReadOnlyList<string> Tags, string ReleaseNotes)
{
    private const string Changelog = "module/CHANGELOG.md";

    public static Manifest Read(string root)
    {
        var files = Directory.GetFiles(root, "*.psd1");
        if (files is not [var file]) throw new PackException($"{root} should have one manifest (*.psd1), and has {files.Length}.");
        var script = Parser.ParseFile(file, out _, out var errors);
        if (errors.Length > 0 || script.Find(one => one is HashtableAst, searchNestedScriptBlocks: false) is not HashtableAst table)
            throw new PackException($"{file} is no manifest: {string.Join("; ", errors.Select(error => error.Message))}");

        var data = (Hashtable)table.SafeGetValue();
        var more = data["PrivateData"] is Hashtable privateData ? privateData["PSData"] as Hashtable : null;
        return new(
            Path.GetFileNameWithoutExtension(file), Text("ModuleVersion"), Text("Author"), Text("Copyright"), Text("Description"),
            Texts(data["CmdletsToExport"]), Texts(more?["Tags"]), Entry(root, Text("ModuleVersion")));

        string Text(string key) => data[key] as string ?? throw new PackException($"{file} has no {key}.");
    }

    private static string Entry(string root, string version)
    {
        var text = File.ReadAllText(Path.Combine(root, Changelog)).ReplaceLineEndings("\n");
        return Entries().Matches(text).FirstOrDefault(entry => entry.Groups["version"].Value == version)?.Groups["text"].Value.Trim()
            ?? throw new PackException($"{Changelog} has no entry for {version}, the version of the manifest. Write one: ## [{version}]");
    }

    [GeneratedRegex(@"^## \[(?<version>[^\]]+)\].*\n(?<text>(?:(?!## ).*\n?)*)", RegexOptions.Multiline)]
    private static partial Regex Entries();

    // An array of arrays where one line of the manifest names several.
    private static string[] Texts(object? value) => value is string text ? [text] : [.. (value as IEnumerable)?.Cast<object>().SelectMany(Texts) ?? []];
}
