namespace DropboxOktaProvisioning.Engine;

/// <summary>What a domain must look like: one that is none has nobody on it, which would pass for an answer.</summary>
public static class DomainName
{
    /// <summary>The domain, trimmed and without @.</summary>
    /// <exception cref="ProvisioningException">InvalidDomain.</exception>
    public static string Parse(string text)
    {
        var domain = text.Trim().TrimStart('@');
        return Uri.CheckHostName(domain) is UriHostNameType.Dns ? domain : throw new ProvisioningException(
            ErrorIds.InvalidDomain, ProblemCategory.InvalidArgument, $"'{text}' is no domain.", text, "Give what stands behind the @ of the addresses, such as contoso.example.");
    }
}
