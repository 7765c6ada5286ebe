using System.Text;
using DropboxOktaProvisioning.Sandbox.Http;

namespace DropboxOktaProvisioning.Sandbox.Dropbox;

/// <summary>An error that the team answers with (dropbox.md §4.1): JSON with a tag, or plain text.</summary>
internal sealed class DropboxFailure : Exception
{
    private readonly Func<string, ReadOnlyMemory<byte>> _body;

    private DropboxFailure(int status, string contentType, string message, Func<string, ReadOnlyMemory<byte>> body)
        : base(message) => (Status, ContentType, _body) = (status, contentType, body);

    public int Status { get; }

    public string ContentType { get; }

    /// <summary>How long a 429 asks to wait, in seconds.</summary>
    public int? RetryAfter { get; private init; }

    /// <summary>The body; the summary ends in dots that mean nothing.</summary>
    public ReadOnlyMemory<byte> Body(string dots) => _body(dots);

    /// <summary>400: the arguments are wrong, told in plain text.</summary>
    public static DropboxFailure BadRequest(string route, string problem) => Text(400, $"Error in call to API function \"{route}\": {problem}");

    /// <summary>An error in plain text.</summary>
    public static DropboxFailure Text(int status, string text) => new(status, "text/plain; charset=utf-8", text, _ => Encoding.UTF8.GetBytes(text));

    /// <summary>An error with a tag and perhaps one field beside it.</summary>
    public static DropboxFailure Tagged(int status, string tag, string? field = null, string? value = null) =>
        new(status, "application/json", tag, dots => JsonBody.Of(json =>
        {
            json.WriteStartObject();
            json.WriteString("error_summary", $"{tag}/{dots}");
            json.WriteStartObject("error");
            json.WriteString(".tag", tag);
            if (field is not null) json.WriteString(field, value);
            json.WriteEndObject();
            json.WriteEndObject();
        }));

    /// <summary>An error of the token endpoint.</summary>
    public static DropboxFailure OAuth(string error, string description) =>
        new(400, "application/json", error, _ => JsonBody.Of(json =>
        {
            json.WriteStartObject();
            json.WriteString("error", error);
            json.WriteString("error_description", description);
            json.WriteEndObject();
        }));

    /// <summary>429, as JSON or as text; the header stands in both.</summary>
    public static DropboxFailure TooManyRequests(int seconds, bool asText) => asText
        ? new(429, "text/plain; charset=utf-8", "too_many_requests", _ => "too_many_requests"u8.ToArray()) { RetryAfter = seconds }
        : new(429, "application/json", "too_many_requests", dots => JsonBody.Of(json =>
        {
            json.WriteStartObject();
            json.WriteString("error_summary", $"too_many_requests/{dots}");
            json.WriteStartObject("error");
            json.WriteStartObject("reason");
            json.WriteString(".tag", "too_many_requests");
            json.WriteEndObject();
            json.WriteNumber("retry_after", seconds);
            json.WriteEndObject();
            json.WriteEndObject();
        })) { RetryAfter = seconds };
}
