using System.Management.Automation;
using DropboxOktaProvisioning.Completion;
using DropboxOktaProvisioning.Connections;
using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Okta;
using DropboxOktaProvisioning.Engine.Verification;
using DropboxOktaProvisioning.Engine.Workflow;
using DropboxOktaProvisioning.Input;

namespace DropboxOktaProvisioning.Bridge;

/// <summary>A command that works on an Okta org and a Dropbox team together.</summary>
public abstract partial class TeamCommand : OktaCommand
{
    /// <summary>The team; without it the one that Connect-DropboxTeam made this runspace's default.</summary>
    [Parameter]
    public DropboxTeam? DropboxTeam { get; set; }

    /// <summary>The Dropbox app in Okta, by id or label, or a row that has one; needed only where the org has more than one.</summary>
    [Parameter]
    [Identity("AppId", "Id", "Label")]
    [ArgumentCompleter(typeof(AppCompleter))]
    public string? App { get; set; }

    /// <summary>The journal of notices; without it the user's own.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Journal { get; set; }

    /// <summary>What tells people's states, with everything that a row needs beside the two services.</summary>
    /// <param name="personalAccounts">Who is known to have a personal account.</param>
    /// <param name="known">The app, where it was looked up already.</param>
    private protected Verifier VerifierFor(PSObject[] personalAccounts, OktaApp? known = null)
    {
        // Whatever belongs to the runspace is read here, on the pipeline thread; the work goes on elsewhere.
        var keeper = Keeper;
        var (org, team) = (Okta, Team);
        var choice = JournalChoice.For(this, Journal, team);
        var personal = PersonalAccounts.FromRows(PersonalAccountInput.Rows(personalAccounts).ToArray());
        return Await(async cancel =>
        {
            var app = known ?? await DropboxApps.FindOneAsync(org.Client, App, Progress, cancel);
            await using var journal = await choice.Location.OpenReadOnlyAsync(choice.Time, cancel);
            var index = await journal.IndexAsync(cancel);
            return new Verifier(org.Client, team.Client, app, new StatusRows(personal, DashboardTile.Of(app), team.TeamId, team.Time.GetUtcNow(), index.LastNotice, index.FirstNotice), keeper);
        });
    }

    /// <summary>The addresses of a CSV file; a line without one is an error of that line, and the others go on.</summary>
    private protected IReadOnlyList<string> ReadAddresses(string path, string? column)
    {
        var file = DiskPath.Of(this, path);
        var list = Await(cancel => AddressFile.ReadAsync(file, column, cancel));
        foreach (var problem in list.Problems) WriteProblem(problem);
        if (list.Addresses.Count == 0 && list.Problems.Count == 0) WriteWarning($"The file '{file}' has no address in it: nobody is looked at. Check that it is the right one.");
        return list.Addresses;
    }

    private protected static ProvisioningException Conflict(string message, string action) =>
        new(ErrorIds.ConflictingParameters, ProblemCategory.InvalidArgument, message, null, action);

    /// <summary>The team to work on.</summary>
    /// <exception cref="ProvisioningException">NotConnected or ConnectionClosed.</exception>
    private protected DropboxTeam Team
    {
        get
        {
            var team = Connected(DropboxTeam ?? Session.Current.DropboxTeam, team => team.IsClosed, "Dropbox team", "Connect-DropboxTeam");
            ShareBudgets(team.Time);
            return team;
        }
    }

    private protected override string? NamedJournal => Journal;
}
