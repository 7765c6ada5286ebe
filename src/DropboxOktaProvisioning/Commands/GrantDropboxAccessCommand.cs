using System.Management.Automation;
using DropboxOktaProvisioning.Bridge;
using DropboxOktaProvisioning.Completion;
using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Okta;
using DropboxOktaProvisioning.Engine.Workflow;
using DropboxOktaProvisioning.Input;

namespace DropboxOktaProvisioning.Commands;

/// <summary>
/// <para type="synopsis">Assigns the Dropbox app in Okta to groups or people. Who has it is left alone, and nobody is ever unassigned.</para>
/// </summary>
[Cmdlet(VerbsSecurity.Grant, "DropboxAccess", SupportsShouldProcess = true, DefaultParameterSetName = PeopleSet, HelpUri = HelpPages.At + "Grant-DropboxAccess.md")]
[OutputType(typeof(DropboxAccess))]
[RequiredScopes(Okta = ["okta.apps.manage", "okta.users.read", "okta.groups.read"])]
public sealed class GrantDropboxAccessCommand : OktaCommand
{
    private const string PeopleSet = "People";
    private const string GroupSet = "Group";
    private readonly List<string> _people = [];
    private readonly Tally _outcomes = new();

    /// <summary>The people, by address, login or id, or objects that have one.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PeopleSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Login", "Mail", "UserPrincipalName", "OktaUserId")]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [Identity("Email", "Login", "Mail", "UserPrincipalName", "profile.login", "profile.email", "OktaUserId")]
    public string[] Email { get; set; } = [];

    /// <summary>The groups, by name or id, or objects that have one: one call each, and whoever joins later comes along.</summary>
    [Parameter(Mandatory = true, ParameterSetName = GroupSet)]
    [ValidateNotNullOrEmpty]
    [Identity("GroupId", "Id", "profile.name")]
    [ArgumentCompleter(typeof(GroupCompleter))]
    public string[] Group { get; set; } = [];

    /// <summary>The Dropbox app, by id or label, or a row that has one; needed only where the org has more than one.</summary>
    [Parameter]
    [Identity("AppId", "Id", "Label")]
    [ArgumentCompleter(typeof(AppCompleter))]
    public string? App { get; set; }

    /// <inheritdoc/>
    protected override void OnRecord() => _people.AddRange(Email);

    /// <inheritdoc/>
    protected override void OnEnd()
    {
        var org = Okta;
        string[] people = [.. _people.Select(name => name.Trim()).Distinct(StringComparer.OrdinalIgnoreCase)];
        if (people.Length == 0 && Group.Length == 0) return;
        var app = Await(cancel => DropboxApps.FindOneAsync(org.Client, App, Progress, cancel));
        var grants = new AccessGrants(org.Client, app);
        foreach (var name in Group) Each(() => ForGroup(grants, app, name));
        if (people.Length > AccessGrants.ManyPeople) WriteWarning(grants.Arithmetic(people.Length));
        foreach (var name in people) Each(() => ForPerson(grants, app, name));
        Inform($"{_outcomes.Total} assignments: {_outcomes}.");
    }

    // One that cannot be assigned does not stop the others; what would stop all of them does.
    private void Each(Action work)
    {
        try
        {
            work();
        }
        catch (ProvisioningException problem) when (problem.ErrorId is ErrorIds.InvalidAddress or ErrorIds.PersonNotFound or ErrorIds.PersonAmbiguous
            or ErrorIds.PersonNotAssignable or ErrorIds.AssignmentUnclear or ErrorIds.GroupNotFound or ErrorIds.GroupAmbiguous)
        {
            WriteProblem(problem);
        }
    }

    private void ForGroup(AccessGrants grants, OktaApp app, string name)
    {
        var (group, hasApp) = Await(cancel => grants.FindGroupAsync(name, Progress, cancel));
        var row = new DropboxAccess { Name = group.Name, Kind = "Group", Id = group.Id, AppId = app.Id };
        if (hasApp) Put(row with { Outcome = AccessOutcome.AlreadyAssigned, Reason = "The group has the app." });
        else if (!Confirm(app, $"the group {group.Name} ({group.Id})")) Put(row with { Outcome = AccessOutcome.Planned, Reason = "Everybody in the group would get the app." });
        else
        {
            Await(cancel => grants.AssignAsync(group, Progress, cancel));
            Put(row with { Outcome = AccessOutcome.Assigned, Reason = "Okta assigns everybody in the group and pushes them to Dropbox, which takes a while." });
        }
    }

    private void ForPerson(AccessGrants grants, OktaApp app, string name)
    {
        if (name.Length == 0)
            throw new ProvisioningException(ErrorIds.InvalidAddress, ProblemCategory.InvalidArgument, "An empty name stands for nobody.", name, "Give a login, an address or an id (00u…).");
        var (user, assignment) = Await(cancel => grants.FindPersonAsync(name, Progress, cancel));
        var row = new DropboxAccess { Name = user.Email ?? user.Login ?? name, Kind = "Person", Id = user.Id, AppId = app.Id };
        if (assignment is not null)
        {
            var how = assignment.Scope == "GROUP" ? "through a group" : "in person";
            Put(row with { Outcome = AccessOutcome.AlreadyAssigned, Reason = $"Assigned {how} ({assignment.Status})." });
        }
        else if (!Confirm(app, $"{row.Name} ({user.Id})")) Put(row with { Outcome = AccessOutcome.Planned, Reason = "Would get the app." });
        else
        {
            Await(cancel => grants.AssignAsync(user, Progress, cancel));
            Put(row with { Outcome = AccessOutcome.Assigned, Reason = "Okta pushes the person to Dropbox, which takes some minutes." });
        }
    }

    private void Put(DropboxAccess row)
    {
        _outcomes.Add(row.Outcome);
        WriteObject(row);
    }

    private bool Confirm(OktaApp app, string whom) => ShouldProcess($"{app.Label} ({app.Id})", $"Assign to {whom}");
}
