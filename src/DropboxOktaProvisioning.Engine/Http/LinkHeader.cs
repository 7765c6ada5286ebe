namespace DropboxOktaProvisioning.Engine.Http;

/// <summary>Reads <c>Link</c> headers (RFC 8288), repeated or joined with commas.</summary>
internal static class LinkHeader
{
    /// <summary>The targets of every link with <c>rel="next"</c>, as written.</summary>
    public static IEnumerable<string> Next(IEnumerable<string> headers)
    {
        foreach (string header in headers)
        {
            for (int at = 0; TryReadLink(header, ref at, out string target, out string? relation);)
            {
                if (relation is not null && relation.Split(' ').Contains("next", StringComparer.OrdinalIgnoreCase)) yield return target;
            }
        }
    }

    private static bool TryReadLink(string text, ref int at, out string target, out string? relation)
    {
        (target, relation) = ("", null);
        int open = text.IndexOf('<', at);
        int close = open < 0 ? -1 : text.IndexOf('>', open);
        if (close < 0) return false;
        target = text[(open + 1)..close].Trim();
        at = close + 1;
        while (TryReadParameter(text, ref at, out string name, out string value))
        {
            // The first rel counts; RFC 8288 ignores further ones.
            if (name.Equals("rel", StringComparison.OrdinalIgnoreCase)) relation ??= value;
        }

        return true;
    }

    /// <summary>Reads <c>; name=value</c> or <c>; name="quoted"</c>, up to the comma that ends the link.</summary>
    private static bool TryReadParameter(string text, ref int at, out string name, out string value)
    {
        (name, value) = ("", "");
        SkipSpace(text, ref at);
        if (at >= text.Length || text[at] != ';') return false;
        at++;
        int start = at;
        while (at < text.Length && text[at] is not ('=' or ';' or ',')) at++;
        name = text[start..at].Trim();
        if (at >= text.Length || text[at] != '=') return true;
        at++;
        SkipSpace(text, ref at);
        value = at < text.Length && text[at] == '"' ? ReadQuoted(text, ref at) : ReadBare(text, ref at);
        return true;
    }

    private static string ReadBare(string text, ref int at)
    {
        int start = at;
        while (at < text.Length && text[at] is not (';' or ',')) at++;
        return text[start..at].Trim();
    }

    private static string ReadQuoted(string text, ref int at)
    {
        var value = new System.Text.StringBuilder();
        for (at++; at < text.Length && text[at] != '"'; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length) at++;
            value.Append(text[at]);
        }

        at = Math.Min(at + 1, text.Length);
        return value.ToString();
    }

    private static void SkipSpace(string text, ref int at)
    {
        while (at < text.Length && text[at] is ' ' or '\t') at++;
    }
}
