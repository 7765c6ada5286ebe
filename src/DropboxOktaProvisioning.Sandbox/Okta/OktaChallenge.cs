namespace DropboxOktaProvisioning.Sandbox.Okta;

/// <summary>A refusal of a token that the token endpoint issued: the reason stands in a header, beside Okta's usual body.</summary>
internal sealed class OktaChallenge(int status, string code, string summary, string scheme, string error, string? scope) : OktaFailure(status, code, summary)
{
    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, string>> Headers =>
        [new("WWW-Authenticate", $"{scheme} error=\"{error}\"" + (scope is null ? "" : $", scope=\"{scope}\""))];
}
