namespace DropboxOktaProvisioning.Engine.Http;

/// <summary>Compares and checks the scheme, host and port of addresses.</summary>
internal static class Origins
{
    public static bool Same(Uri? address, Uri origin) =>
        address is { IsAbsoluteUri: true }
        && address.Scheme == origin.Scheme && address.Port == origin.Port
        && address.IdnHost.Equals(origin.IdnHost, StringComparison.OrdinalIgnoreCase);

    public static ServiceException Foreign(string service, Uri? address, Uri origin) =>
        new(ErrorIds.ForeignNextLink, ProblemCategory.InvalidData, service,
            $"{service} at {origin.Host} named a next page at {(address is { IsAbsoluteUri: true } ? address.Host : "an address that cannot be read")}. "
            + "Nothing was sent there.",
            "Check that the domain is the right one, and that no proxy rewrites the answers.");

    /// <summary>Checks an address that takes a service's place: https, or http on this machine where that is allowed.</summary>
    public static Uri Check(Uri address, bool allowLoopbackHttp)
    {
        bool secure = address.IsAbsoluteUri
            && (address.Scheme == Uri.UriSchemeHttps || (allowLoopbackHttp && address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));
        if (!secure)
        {
            throw new ProvisioningException(ErrorIds.InvalidDomain, ProblemCategory.InvalidArgument,
                $"The service's address must start with https://, and this is {Shown(address)}; http is taken only for a sandbox on this machine.",
                Shown(address), "Give an https address.");
        }

        return new Uri(address.GetLeftPart(UriPartial.Authority));
    }

    // Without what could be a secret: a name, a password, a path, a query.
    private static string Shown(Uri address)
    {
        if (address.IsAbsoluteUri) return address.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);
        string host = address.OriginalString.Contains('@', StringComparison.Ordinal) ? "" : address.OriginalString.Split('/', '\\', '?', '#')[0];
        return host.Length > 0 ? host : "no whole address";
    }
}
