using DropboxOktaProvisioning.Sandbox.Http;

namespace DropboxOktaProvisioning.Sandbox.Okta;

/// <summary>An error that the org answers with (okta.md §4.4).</summary>
internal class OktaFailure(int status, string code, string summary, params string[] causes) : Exception(summary)
{
    public int Status { get; } = status;

    /// <summary>The headers that it adds to the answer.</summary>
    public virtual IReadOnlyList<KeyValuePair<string, string>> Headers => [];

    /// <summary>The code.</summary>
    protected string Code { get; } = code;

    public static OktaFailure NotFound(string what, string type) =>
        new(404, "E0000007", $"Not found: Resource not found: {what} ({type})");

    public static OktaFailure Invalid(string field, string cause) =>
        new(400, "E0000001", $"Api validation failed: {field}", $"{field}: {cause}");

    /// <summary>The body.</summary>
    public virtual ReadOnlyMemory<byte> Body(string errorId) => JsonBody.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("errorCode", Code);
        json.WriteString("errorSummary", Message);
        json.WriteString("errorLink", Code);
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
