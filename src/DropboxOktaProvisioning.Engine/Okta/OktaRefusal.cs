using System.Text.Json;
using DropboxOktaProvisioning.Engine.Http;

namespace DropboxOktaProvisioning.Engine.Okta;

/// <summary>What an error's body says, whatever its form.</summary>
internal sealed record OktaRefusal(string? Code, string? Text, string? Support, string? Scope, bool IsOkta, string Form)
{
    public static OktaRefusal Of(FailedAnswer failed)
    {
        string? requestId = RequestIds.Of(failed.Response.Headers);
        string challenge = failed.Response.Headers.WwwAuthenticate.ToString();
        string? code = challenge.Contains("insufficient_scope", StringComparison.Ordinal) ? "insufficient_scope" : null;
        string form = failed.Response.Content.Headers.ContentType?.MediaType ?? "no media type";
        JsonElement root = LenientJson.Parse(failed.Body);
        if (root.ValueKind != JsonValueKind.Object)
        {
            return new(code, null, requestId, Parameter(challenge, "scope"), requestId is not null || code is not null, form);
        }

        // A missing scope shows in the header only; the body says no more than that it is forbidden.
        code ??= CodeOf(root);
        string? summary = LenientJson.Text(root, "errorSummary") ?? LenientJson.Text(root, "error_description");
        string[] sentences = [.. new[] { summary }.Concat(Causes(root)).Where(s => !string.IsNullOrWhiteSpace(s)).Select(s => s!.TrimEnd('.') + ".")];
        string?[] ids = [LenientJson.Text(root, "errorId"), requestId];
        string support = string.Join(" / ", ids.Where(i => !string.IsNullOrEmpty(i)));
        return new(code, failed.Quote(string.Join(' ', sentences)), support.Length > 0 ? support : null, Parameter(challenge, "scope"),
            requestId is not null || code is not null, form);
    }

    /// <summary>What to add to a message of ours; empty where Okta says nothing.</summary>
    public string Said => Text is null ? "" : $" Okta says: {Text}";

    /// <summary>The code in the body of an answer that was read into memory.</summary>
    public static string? CodeOf(HttpResponseMessage response) =>
        response.Content is PooledBody body ? CodeOf(LenientJson.Parse(body.Bytes.Span)) : null;

    private static string? CodeOf(JsonElement root) => LenientJson.Text(root, "errorCode") ?? LenientJson.Text(root, "error");

    /// <summary>The causes come as a list, as one object, or not at all.</summary>
    private static IEnumerable<string?> Causes(JsonElement root) => LenientJson.Member(root, "errorCauses") switch
    {
        { ValueKind: JsonValueKind.Array } causes => causes.EnumerateArray().Select(c => LenientJson.Text(c, "errorSummary")),
        var cause => [LenientJson.Text(cause, "errorSummary")],
    };

    private static string? Parameter(string challenge, string name)
    {
        int at = challenge.IndexOf(name + "=\"", StringComparison.Ordinal);
        if (at < 0) return null;
        at += name.Length + 2;
        int end = challenge.IndexOf('"', at);
        return end < 0 ? null : challenge[at..end];
    }
}
