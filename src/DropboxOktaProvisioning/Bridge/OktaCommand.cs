using System.Management.Automation;
using DropboxOktaProvisioning.Connections;
using DropboxOktaProvisioning.Engine;

namespace DropboxOktaProvisioning.Bridge;

/// <summary>A command that works on an Okta org: the one that is handed in, else this runspace's default.</summary>
public abstract class OktaCommand : AsyncCommand
{
    /// <summary>The org; without it the one that Connect-OktaOrg made this runspace's default.</summary>
    [Parameter]
    public OktaOrg? OktaOrg { get; set; }

    /// <summary>The org to work on.</summary>
    /// <exception cref="ProvisioningException">NotConnected or ConnectionClosed.</exception>
    private protected OktaOrg Okta => Connected(OktaOrg ?? Session.Current.OktaOrg, org => org.IsClosed, "Okta org", "Connect-OktaOrg");

    private protected static T Connected<T>(T? connection, Func<T, bool> isClosed, string what, string how)
        where T : class
    {
        if (connection is null)
        {
            throw new ProvisioningException(
                ErrorIds.NotConnected, ProblemCategory.ConnectionError, $"No {what} is connected in this runspace.", null,
                $"Run {how} first (a runspace of its own, such as one of ForEach-Object -Parallel, needs the connection handed in), or rehearse with Start-ProvisioningSandbox.");
        }

        return isClosed(connection)
            ? throw new ProvisioningException(ErrorIds.ConnectionClosed, ProblemCategory.ConnectionError, $"The connection to the {what} '{connection}' is closed.", connection.ToString(), $"Run {how} again.")
            : connection;
    }
}
