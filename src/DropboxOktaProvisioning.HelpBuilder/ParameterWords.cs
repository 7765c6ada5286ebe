using System.Xml.Linq;

namespace DropboxOktaProvisioning.HelpBuilder;

/// <summary>What the source says of each parameter: the first words for a new entry.</summary>
internal sealed class ParameterWords(string documentation)
{
    private readonly ILookup<string, XElement> _members = XDocument.Load(documentation).Descendants("member").ToLookup(member => member.Attribute("name")!.Value);

    public string Of(Type command, string parameter) => Summary($"P:{command.GetProperty(parameter)!.DeclaringType!.FullName}.{parameter}");

    public string Of(Type command) => Summary($"T:{command.FullName}");

    private string Summary(string member) => string.Join(' ', (_members[member].Elements("summary").FirstOrDefault()?.Value ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
