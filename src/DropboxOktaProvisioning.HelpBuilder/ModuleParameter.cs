using System.Management.Automation;

namespace DropboxOktaProvisioning.HelpBuilder;

/// <summary>A parameter as PowerShell itself sees it, in one set or merged over all of them.</summary>
/// <param name="Name">Without the dash.</param>
/// <param name="Type">Its type.</param>
/// <param name="Mandatory">Whether it must be given; merged: in each set that has it.</param>
/// <param name="Position">Its place, from 0; null if it must be named.</param>
/// <param name="Pipeline">How the pipeline fills it, in Get-Help's own words.</param>
/// <param name="Aliases">Its other names.</param>
internal sealed record ModuleParameter(string Name, Type Type, bool Mandatory, int? Position, string Pipeline, IReadOnlyList<string> Aliases)
{
    public bool IsSwitch => Type == typeof(SwitchParameter);

    /// <summary>The type's name in short, such as <c>String[]</c>.</summary>
    public string TypeName => Short(Type);

    /// <summary>The values that an enumeration allows; none for other types.</summary>
    public IReadOnlyList<string> Values => Element is { IsEnum: true } type ? Enum.GetNames(type) : [];

    /// <summary>The line below the parameter's heading.</summary>
    public string Facts
    {
        get
        {
            var facts = new List<string> { $"`{TypeName}`" };
            if (Mandatory) facts.Add("required");
            if (Position is { } position) facts.Add($"position {position}");
            if (Pipeline.Length > 0) facts.Add($"from the pipeline {Pipeline}");
            if (Aliases.Count > 0) facts.Add($"alias {string.Join(", ", Aliases.Select(alias => $"`{alias}`"))}");
            if (Values.Count > 0) facts.Add($"one of {string.Join(", ", Values.Select(value => $"`{value}`"))}");
            return string.Join("; ", facts) + ".";
        }
    }

    /// <summary>As it stands in a syntax line.</summary>
    public string Syntax
    {
        get
        {
            var name = Position is null || IsSwitch ? $"-{Name}" : $"[-{Name}]";
            var whole = IsSwitch ? name : $"{name} <{TypeName}>";
            return Mandatory ? whole : $"[{whole}]";
        }
    }

    public static ModuleParameter Of(CommandParameterInfo one) => new(
        one.Name, one.ParameterType, one.IsMandatory, one.Position < 0 ? null : one.Position,
        (one.ValueFromPipeline, one.ValueFromPipelineByPropertyName) switch
        {
            (true, true) => "by value and by property name",
            (true, false) => "by value",
            (false, true) => "by property name",
            _ => "",
        },
        one.Aliases);

    public static ModuleParameter Merge(IEnumerable<ModuleParameter> sets)
    {
        var all = sets.ToArray();
        return all[0] with { Mandatory = all.All(one => one.Mandatory), Position = all.Min(one => one.Position), Pipeline = all.Max(one => one.Pipeline)! };
    }

    private Type Element => Nullable.GetUnderlyingType(Type.GetElementType() ?? Type) ?? Type.GetElementType() ?? Type;

    private static string Short(Type type) =>
        Nullable.GetUnderlyingType(type) is { } inner ? Short(inner) : type.Name;
}
