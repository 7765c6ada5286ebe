namespace DropboxOktaProvisioning.Engine.Okta;

/// <summary>Reads the address of an Okta org as people write it.</summary>
public static class OktaDomain
{
    private const string Example = "Give the address that people sign in at, such as contoso.okta.com.";
    private static readonly string[] OktaHosts = [".okta.com", ".oktapreview.com", ".okta-emea.com", ".okta-gov.com", ".okta.mil"];

    /// <summary>Reads <c>contoso.okta.com</c> or <c>https://contoso.okta.com/</c>, or an org's own domain.</summary>
    /// <param name="text">What was written.</param>
    /// <param name="allowLoopbackHttp">Whether http, and a port, are taken for this machine.</param>
    /// <returns>Scheme, host and port, with nothing after.</returns>
    /// <exception cref="ProvisioningException"><see cref="ErrorIds.InvalidDomain"/>, naming the part that is wrong.</exception>
    public static Uri Parse(string? text, bool allowLoopbackHttp = false)
    {
        string trimmed = text?.Trim() ?? "";
        if (trimmed.Length == 0) throw Invalid("it is empty");
        if (trimmed.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))) throw Invalid("it holds a space or a line break");
        string address = trimmed.Contains("://", StringComparison.Ordinal) ? trimmed : "https://" + trimmed;
        if (trimmed.Contains('\\') || !Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) || uri.Host.Length == 0) throw Invalid("it is not an address");

        // What stands around the host may be a secret, so only the host is ever quoted.
        bool loopback = allowLoopbackHttp && uri.IsLoopback;
        string host = uri.Host;
        if (uri.Scheme != Uri.UriSchemeHttps && !(loopback && uri.Scheme == Uri.UriSchemeHttp)) throw Invalid("it must be https", host);
        if (uri.UserInfo.Length > 0) throw Invalid("it holds a user name before the host", host);
        if (!uri.IsDefaultPort && !loopback) throw Invalid($"it holds the port {uri.Port}", host);
        if (uri.AbsolutePath != "/") throw Invalid("it holds a path after the host", host);
        if (uri.Query.Length > 0) throw Invalid("it holds a query after the host", host);
        if (uri.Fragment.Length > 0) throw Invalid("it holds a fragment after the host", host);
        if (!loopback) CheckHost(uri);
        return new Uri(uri.GetLeftPart(UriPartial.Authority));
    }

    private static void CheckHost(Uri uri)
    {
        string host = uri.Host;
        if (uri.HostNameType != UriHostNameType.Dns) throw Invalid("it is a number and not a name", host);
        if (!host.All(char.IsAscii)) throw Invalid("it holds letters that a domain spells as xn--", host);
        if (!host.Contains('.')) throw Invalid("it is only the first part of a name", host, $"Write it in full, such as {host}.okta.com.");
        string org = host.Split('.')[0];
        if (org.EndsWith("-admin", StringComparison.Ordinal) && OktaHosts.Any(o => host.EndsWith(o, StringComparison.Ordinal)))
        {
            throw Invalid("it is the address of the Admin Console, which takes no API calls", host,
                $"Use the address without -admin: {org[..^"-admin".Length]}{host[org.Length..]}.");
        }
    }

    private static ProvisioningException Invalid(string flaw, string? host = null, string action = Example) => new(
        ErrorIds.InvalidDomain, ProblemCategory.InvalidArgument,
        host is null ? $"The Okta domain cannot be used: {flaw}." : $"The Okta domain with the host {host} cannot be used: {flaw}.", host, action);
}
