using System.Management.Automation;
using System.Security;
using DropboxOktaProvisioning.Connections;

namespace DropboxOktaProvisioning.Bridge;

/// <summary>Lets a secret also be a script block that fetches it when the command runs, such as <c>{ Get-Secret okta }</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData) => Unwrap(inputData) switch
    {
        null => null,
        SecureString secret => secret,
        ScriptBlock script => Unwrap(script.InvokeReturnAsIs()) switch
        {
            SecureString secret => secret,
            string { Length: > 0 } text => Secret.Of(text),
            _ => throw new ArgumentTransformationMetadataException("The script block must return one SecureString or one text."),
        },
        // Left to the conversion, the value would stand in the error.
        _ => throw new ArgumentTransformationMetadataException("Give a SecureString (Read-Host -AsSecureString), or a script block that returns one."),
    };

    private static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
