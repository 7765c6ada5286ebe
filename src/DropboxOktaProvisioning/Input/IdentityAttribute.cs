using System.Collections;
using System.Management.Automation;

namespace DropboxOktaProvisioning.Input;

/// <summary>Takes an object for the thing that one of its properties names, beside the name or id itself: rows of this module's commands, and of others.</summary>
/// <param name="properties">Where the name or id may stand, the best first; a dot leads into a property, such as <c>profile.login</c>.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class IdentityAttribute(params string[] properties) : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData) => Unwrap(inputData) switch
    {
        null => null,
        IList list => list.Cast<object>().Select(One).ToArray(),
        _ => One(inputData),
    };

    private object? One(object? item)
    {
        if (Unwrap(item) is null or string or ValueType) return item;
        foreach (var property in properties)
        {
            if (Read(item, property) is { Length: > 0 } name) return name;
        }

        // What has a text of its own, such as a MailAddress, stands for it. A row's text would be a name that nobody has.
        if (Unwrap(item) is not (PSCustomObject or IDictionary) && Unwrap(item)!.GetType().Namespace?.StartsWith(nameof(DropboxOktaProvisioning), StringComparison.Ordinal) != true) return item;
        var message = $"A {Unwrap(item)!.GetType().Name} without {string.Join(", ", properties)} names nothing: give a name or an id, or an object that has one of them.";
        throw new ArgumentTransformationMetadataException(message, new PSInvalidCastException(message)); // so the pipeline goes on to look by property name
    }

    private static string? Read(object? item, string path)
    {
        foreach (var name in path.Split('.')) item = item is null ? null : PSObject.AsPSObject(item).Properties[name]?.Value;
        return Unwrap(item)?.ToString();
    }

    private static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
