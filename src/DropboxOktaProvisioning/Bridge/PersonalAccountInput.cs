using System.Management.Automation;
using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Verification;

namespace DropboxOktaProvisioning.Bridge;

/// <summary>Turns what a person hands in as personal accounts into rows: addresses, rows of a command, or any object with an Email property.</summary>
internal static class PersonalAccountInput
{
    /// <summary>The row of each.</summary>
    /// <exception cref="ProvisioningException">InvalidAddress for something that has no address.</exception>
    public static IEnumerable<DropboxPersonalAccount> Rows(IEnumerable<PSObject> inputs) => inputs.Select(Row);

    /// <summary>One row.</summary>
    /// <exception cref="ProvisioningException">InvalidAddress.</exception>
    public static DropboxPersonalAccount Row(PSObject? input) => input?.BaseObject switch
    {
        DropboxPersonalAccount row => row,
        DropboxDomainInsight insight => PersonalAccounts.Row(insight),
        string address => PersonalAccounts.Row(EmailAddress.Parse(address)),
        _ when input?.Properties["Email"]?.Value is { } email => PersonalAccounts.Row(EmailAddress.Parse(email.ToString()!)),
        _ => throw new ProvisioningException(
            ErrorIds.InvalidAddress, ProblemCategory.InvalidArgument, $"'{input}' ({input?.BaseObject.GetType().Name ?? "null"}) is neither an address nor an object with an Email property.", input, "Hand in addresses, or rows of Import-DropboxDomainInsight or Get-DropboxPersonalAccount."),
    };
}
