using System.Text;

namespace DropboxOktaProvisioning.Sandbox.Http;

/// <summary>Reads a body of the type <c>application/x-www-form-urlencoded</c>.</summary>
internal static class FormBody
{
    /// <summary>The fields by their names; of two with one name the last counts.</summary>
    public static Dictionary<string, string> Read(SandboxCall call) => Read(Encoding.UTF8.GetString(call.Body.Span));

    /// <summary>The fields of a text in that form, such as a query.</summary>
    public static Dictionary<string, string> Read(string text)
    {
        var form = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in text.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0) form[Decode(part[..equals])] = Decode(part[(equals + 1)..]);
        }

        return form;
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
