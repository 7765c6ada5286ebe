using DropboxOktaProvisioning.Sandbox.Http;

namespace DropboxOktaProvisioning.Sandbox.Okta;

/// <summary>An error that the org answers with (okta.md §4.4).</summary>
internal sealed class OktaFailure(int status, string code, string summary, params string[] causes) : Exception(summary)
{
    public int Status { get; } = status;

    public static OktaFailure NotFound(string what, string type) =>
        new(404, "E0000007", $"Not found: Resource not found: {what} ({type})");

    public static OktaFailure Invalid(string field, string cause) =>
        new(400, "E0000001", $"Api validation failed: {field}", $"{field}: {cause}");

    /// <summary>The body.</summary>
    public ReadOnlyMemory<byte> Body(string errorId) => JsonBody.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("errorCode", code);
        json.WriteString("errorSummary", Message);
        json.WriteString("errorLink", code);
        json.WriteString("errorId", errorId);
        json.WriteStartArray("errorCauses");
        foreach (var cause in causes)
        {
            json.WriteStartObject();
            json.WriteString("errorSummary", cause);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });
}
