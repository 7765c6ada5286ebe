using System.Management.Automation;
using DropboxOktaProvisioning.Connections;
using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Workflow;

namespace DropboxOktaProvisioning.Bridge;

/// <summary>A command that works on an Okta org: the one that is handed in, else this runspace's default.</summary>
public abstract class OktaCommand : AsyncCommand
{
    /// <summary>The org; without it the one that Connect-OktaOrg made this runspace's default.</summary>
    [Parameter]
    public OktaOrg? OktaOrg { get; set; }

    private readonly BudgetSharing _budgets = new();

    /// <summary>The org to work on.</summary>
    /// <exception cref="ProvisioningException">NotConnected or ConnectionClosed.</exception>
    private protected OktaOrg Okta
    {
        get
        {
            var org = Connected(OktaOrg ?? Session.Current.OktaOrg, org => org.IsClosed, "Okta org", "Connect-OktaOrg");
            ShareBudgets(org.Time);
            return org;
        }
    }

    /// <summary>The journal that was named, if the command takes one.</summary>
    private protected virtual string? NamedJournal => null;

    /// <summary>Shares the budgets of requests with the processes of the journal while the command runs.</summary>
    private protected void ShareBudgets(TimeProvider time) => _budgets.Begin(time, () => JournalChoice.For(this, NamedJournal, null), Progress, Await);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _budgets.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Sets the silent switch if that is confirmed, and tells what it says then.</summary>
    private protected SilentProvisioningStatus SetSwitch(string? app, bool enable, string? settingName, bool force, string? backupPath)
    {
        var org = Okta;
        var found = Await(cancel => DropboxApps.FindOneAsync(org.Client, app, Progress, cancel));
        var change = SilentSwitch.Plan(found, enable, settingName, force);
        var silent = new SilentSwitch(org.Client, org.Time);
        if (change.Value is not null && !ShouldProcess($"{found.Label} ({found.Id})", change.Description)) return silent.Describe(found, change.Setting);

        var folder = backupPath is null ? SilentSwitch.DefaultBackupFolder : DiskPath.Of(this, backupPath);
        return Await(cancel => silent.ApplyAsync(change, folder, Progress, cancel));
    }

    /// <summary>The connection, if it is there and open.</summary>
    /// <exception cref="ProvisioningException">NotConnected or ConnectionClosed.</exception>
    internal static T Connected<T>(T? connection, Func<T, bool> isClosed, string what, string how)
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
