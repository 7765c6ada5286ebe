using DropboxOktaProvisioning.Sandbox.Http;

namespace DropboxOktaProvisioning.Sandbox.Okta;

/// <summary>An error of the token endpoint, which has OAuth's shape and not Okta's own (okta.md §4.2).</summary>
internal sealed class OktaOAuthFailure(int status, string error, string description, params KeyValuePair<string, string>[] headers)
    : OktaFailure(status, error, description)
{
    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, string>> Headers => headers;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Body(string errorId) => JsonBody.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("error", Code);
        json.WriteString("error_description", Message);
        json.WriteEndObject();
    });
}
