using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace DropboxOktaProvisioning.HelpBuilder;

/// <summary>Writes the pages as the XML that Get-Help reads.</summary>
/// <remarks>The form is that of PowerShell's own help (https://learn.microsoft.com/powershell/scripting/developer/help/writing-help-for-windows-powershell-cmdlets).</remarks>
internal static class HelpFile
{
    private static readonly XNamespace Root = "http://msh";
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    public static void Write(string file, IEnumerable<(ModuleCommand Command, HelpPage Page)> topics)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        var document = new XDocument(new XElement(Root + "helpItems", new XAttribute("schema", "maml"), topics.Select(topic => Topic(topic.Command, topic.Page))));
        using var writer = XmlWriter.Create(file, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true, NewLineChars = "\n" });
        document.Save(writer);
    }

    private static XElement Topic(ModuleCommand command, HelpPage page) => new(
        Command + "command",
        new XAttribute(XNamespace.Xmlns + "maml", Maml), new XAttribute(XNamespace.Xmlns + "command", Command), new XAttribute(XNamespace.Xmlns + "dev", Dev),
        new XElement(Command + "details", new XElement(Command + "name", command.Name), new XElement(Command + "verb", command.Verb), new XElement(Command + "noun", command.Noun),
            Words("description", [PageReader.Plain(page.Synopsis)])),
        Words("description", page.Description),
        new XElement(Command + "syntax", command.Sets.Select(set => new XElement(
            Command + "syntaxItem", new XElement(Maml + "name", command.Name), set.Parameters.Select(one => Parameter(one, page, inSyntax: true))))),
        new XElement(Command + "parameters", command.Parameters.OrderBy(one => one.Name, StringComparer.Ordinal).Select(one => Parameter(one, page, inSyntax: false))),
        new XElement(Command + "inputTypes", command.Parameters.Where(one => one.Pipeline.Length > 0).Select(one => new XElement(
            Command + "inputType", Named(one.Type.FullName!), Words("description", [$"-{one.Name}, {one.Pipeline}."])))),
        new XElement(Command + "returnValues", page.Outputs.Select(entry => new XElement(Command + "returnValue", Named(entry.Name), Words("description", entry.Words)))),
        new XElement(Maml + "alertSet", new XElement(Maml + "title", "Errors"), Words("alert",
            page.Errors.Count == 0 ? ["No errors of its own."] : [.. page.Errors.Select(error => $"{error.Id}: {error.Words}"), "Causes and remedies of all: Get-Help about_DropboxOktaProvisioning_Errors"])),
        new XElement(Command + "examples", page.Examples.Select((example, index) => new XElement(
            Command + "example", new XElement(Maml + "title", $"Example {index + 1}: {example.Title}"), new XElement(Dev + "code", example.Code), Words("remarks", example.Words, Dev)))),
        new XElement(Command + "relatedLinks", page.Links.Select(link => new XElement(Maml + "navigationLink", new XElement(Maml + "linkText", link.Text), new XElement(Maml + "uri", Address(link))))
            .Prepend(new XElement(Maml + "navigationLink", new XElement(Maml + "linkText", "Online version"), new XElement(Maml + "uri", command.HelpUri)))));

    // Other pages and topics are one Get-Help away; only what lies on the web needs an address.
    private static string Address(PageLink link) => link.Address is { } web && web.StartsWith("https:", StringComparison.Ordinal) ? web : "";

    private static XElement Parameter(ModuleParameter one, HelpPage page, bool inSyntax) => new(
        Command + "parameter",
        new XAttribute("required", one.Mandatory ? "true" : "false"),
        new XAttribute("variableLength", one.Type.IsArray ? "true" : "false"),
        new XAttribute("globbing", "false"),
        new XAttribute("pipelineInput", one.Pipeline.Length > 0 ? $"True ({one.Pipeline})" : "False"),
        new XAttribute("position", one.Position?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "named"),
        new XAttribute("aliases", one.Aliases.Count > 0 ? string.Join(", ", one.Aliases) : "none"),
        new XElement(Maml + "name", one.Name),
        Words("description", page.Parameters.Single(entry => entry.Name == one.Name).Words),
        one.IsSwitch && inSyntax ? null : new XElement(Command + "parameterValue", new XAttribute("required", one.IsSwitch ? "false" : "true"), new XAttribute("variableLength", "false"), one.TypeName),
        one.Values.Count == 0 ? null : new XElement(Command + "parameterValueGroup", one.Values.Select(value => new XElement(
            Command + "parameterValue", new XAttribute("required", "false"), new XAttribute("variableLength", "false"), value))),
        Named(one.Type.FullName!));

    private static XElement Named(string type) => new(Dev + "type", new XElement(Maml + "name", type), new XElement(Maml + "uri"));

    private static XElement Words(string name, IEnumerable<string> paragraphs, XNamespace? space = null) =>
        new((space ?? Maml) + name, paragraphs.Select(paragraph => new XElement(Maml + "para", paragraph)));
}
