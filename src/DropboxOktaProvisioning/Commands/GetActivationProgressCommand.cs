using System.Management.Automation;
using DropboxOktaProvisioning.Bridge;
using DropboxOktaProvisioning.Completion;
using DropboxOktaProvisioning.Engine.Reports;
using DropboxOktaProvisioning.Engine.Workflow;
using DropboxOktaProvisioning.Input;

namespace DropboxOktaProvisioning.Commands;

/// <summary>
/// <para type="synopsis">Counts how far people have come: assigned, provisioned, told, tried, active; what changed since the last look; and how many days it took them from the notice.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "ActivationProgress", HelpUri = HelpPages.At + "Get-ActivationProgress.md")]
[RequiredScopes(Okta = ["okta.apps.read"], Dropbox = ["members.read", "team_info.read"])]
[OutputType(typeof(ActivationProgress))]
public sealed class GetActivationProgressCommand : ProgressCommand
{
    /// <summary>What puts people together: the domain of the address, the department, the month of the notice or of the invitation, or the groups that are assigned the app.</summary>
    [Parameter]
    public ProgressGrouping By { get; set; }

    /// <summary>Okta groups to count by, by name or id, or objects that have one; who is in two of them counts in both.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [Identity("GroupId", "Id", "profile.name")]
    [ArgumentCompleter(typeof(GroupCompleter))]
    public string[] Group { get; set; } = [];

    /// <inheritdoc/>
    protected override void OnEnd()
    {
        if (Group.Length > 0 && By is not ProgressGrouping.Group && MyInvocation.BoundParameters.ContainsKey(nameof(By)))
            throw Conflict($"-Group counts by groups, and -By {By} by something else.", "Give one of them.");
        if (Look() is not { } look) return;

        var by = Group.Length > 0 ? ProgressGrouping.Group : By;
        var rows = new ActivationFunnel(look.Memory, everyone: !IsGiven, by is ProgressGrouping.Group ? Memberships().Of : null).Of(look.People, by);
        Keep(look);
        WriteObject(rows, enumerateCollection: true);
    }

    private GroupMemberships Memberships()
    {
        var org = Okta;
        var memberships = Await(async cancel =>
        {
            var app = Group.Length > 0 ? "" : (await DropboxApps.FindOneAsync(org.Client, App, Progress, cancel)).Id;
            return await GroupMemberships.ReadAsync(org.Client, app, Group, Progress, cancel);
        });
        foreach (var problem in memberships.Problems) WriteProblem(problem);
        return memberships;
    }
}
