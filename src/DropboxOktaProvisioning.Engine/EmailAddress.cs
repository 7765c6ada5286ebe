using System.Buffers;

namespace DropboxOktaProvisioning.Engine;

/// <summary>What an address must look like before a service is asked about it.</summary>
public static class EmailAddress
{
    private const int MaxLength = 255; // Dropbox refuses longer ones (common.stone, EmailAddress)

    private static readonly SearchValues<char> Forbidden = SearchValues.Create("<>\",;:()[]\\");

    /// <summary>The address, trimmed.</summary>
    /// <exception cref="ProvisioningException">InvalidAddress: what is wrong with it.</exception>
    public static string Parse(string text)
    {
        var address = text.Trim();
        var fault = Fault(address);
        return fault is null
            ? address
            : throw new ProvisioningException(ErrorIds.InvalidAddress, ProblemCategory.InvalidArgument, $"'{Short(address)}' is no e-mail address: {fault}.", text, "Write it as name@domain.");
    }

    /// <summary>Whether it is one.</summary>
    public static bool IsValid(string text) => Fault(text) is null;

    /// <summary>The part behind the @, or an empty string.</summary>
    public static string DomainOf(string address) => address[(address.LastIndexOf('@') + 1)..];

    private static string? Fault(string address)
    {
        if (address.Length == 0) return "it is empty";
        if (address.Length > MaxLength) return "it is longer than 255 characters";
        if (address.Any(char.IsControl) || address.Any(char.IsWhiteSpace)) return "it has a space or a control character in it";
        if (address.AsSpan().ContainsAny(Forbidden)) return "it has a character in it that an address may not have";
        var at = address.LastIndexOf('@');
        if (at < 0) return "it has no @";
        if (at == 0) return "nothing stands before the @";
        if (address.IndexOf('@', StringComparison.Ordinal) != at) return "it has more than one @";
        var domain = address[(at + 1)..];
        return domain.Length == 0 || domain.StartsWith('.') || domain.EndsWith('.') || !domain.Contains('.', StringComparison.Ordinal) || domain.Contains("..", StringComparison.Ordinal)
            ? "what stands behind the @ is no domain"
            : null;
    }

    private static string Short(string address) => new(address.Take(80).Select(letter => char.IsControl(letter) ? '?' : letter).ToArray());
}
