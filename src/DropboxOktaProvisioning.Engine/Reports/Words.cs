namespace DropboxOktaProvisioning.Engine.Reports;

/// <summary>Names of stages and actions as a reader says them.</summary>
internal static class Words
{
    /// <summary>A name in words: <c>AwaitingActivation</c> is "Awaiting activation".</summary>
    public static string Of(Enum value) => value switch
    {
        NextAction.FixInOkta => "Fix in Okta",
        NextAction.FixSignOn => "Fix single sign-on",
        NextAction.AddLicense => "Add a licence",
        _ => Of(value.ToString()),
    };

    /// <summary>A name in words.</summary>
    public static string Of(string name) => Split(name).Replace("Sso", "SSO", StringComparison.Ordinal).Replace("Saml", "SAML", StringComparison.Ordinal);

    private static string Split(string name) => string.Concat(name.Select((letter, i) => i > 0 && char.IsUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : letter.ToString()));
}
