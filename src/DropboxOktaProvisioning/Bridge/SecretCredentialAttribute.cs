using System.Management.Automation;

namespace DropboxOktaProvisioning.Bridge;

/// <summary>A user and a password, or a script block that fetches them when the command runs, such as <c>{ Get-Secret smtp }</c>; a bare user name asks for the password.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretCredentialAttribute : ArgumentTransformationAttribute
{
    private readonly CredentialAttribute _usual = new();

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData) => Unwrap(inputData) switch
    {
        null => null,
        ScriptBlock script => Unwrap(script.InvokeReturnAsIs()) as PSCredential
            ?? throw new ArgumentTransformationMetadataException("The script block must return one PSCredential."),
        var other => _usual.Transform(engineIntrinsics, other),
    };

    private static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
