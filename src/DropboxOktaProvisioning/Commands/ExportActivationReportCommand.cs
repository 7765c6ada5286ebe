using System.Management.Automation;
using DropboxOktaProvisioning.Bridge;
using DropboxOktaProvisioning.Connections;
using DropboxOktaProvisioning.Engine.Readiness;
using DropboxOktaProvisioning.Engine.Reports;

namespace DropboxOktaProvisioning.Commands;

/// <summary>
/// <para type="synopsis">Writes how far the roll-out is as one HTML file that needs no network, or as JSON, and what is to do as CSV.</para>
/// </summary>
[Cmdlet(VerbsData.Export, "ActivationReport", SupportsShouldProcess = true, HelpUri = HelpPages.At + "Export-ActivationReport.md")]
[RequiredScopes(Okta = ["okta.apps.read"], Dropbox = ["members.read", "team_info.read"])]
[OutputType(typeof(FileInfo))]
public sealed class ExportActivationReportCommand : ProgressCommand
{
    /// <summary>The file; without an extension it gets .html, or .json with -AsJson.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>A CSV file beside it: one line for each person for whom something is to do.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ActionPlanPath { get; set; }

    /// <summary>Writes JSON for a program in place of the HTML.</summary>
    [Parameter]
    public SwitchParameter AsJson { get; set; }

    /// <summary>Leaves the prerequisites out, which cost a few requests.</summary>
    [Parameter]
    public SwitchParameter SkipReadiness { get; set; }

    /// <summary>Puts the new files in the place of those that are there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void OnEnd()
    {
        // What can be wrong with the files is found before anybody is read.
        var path = FilePath(Path, AsJson ? ".json" : ".html");
        var plan = ActionPlanPath is null ? null : FilePath(ActionPlanPath, ".csv");
        if (path == plan) throw Conflict($"The report and the action plan were both to be '{path}'.", "Name two files.");
        var writesReport = Asks(path, AsJson ? "Write the report as JSON" : "Write the report");
        var writesPlan = plan is not null && Asks(plan, "Write the action plan");
        if ((!writesReport && !writesPlan) || Look() is not { } look) return;

        var report = ActivationReport.Of(look.People, look.Memory, everyone: !IsGiven, look.Now) with { Team = TeamOf(look.People)?.Name, Readiness = writesReport ? Prerequisites(look.People) : null };
        if (writesReport) Write(path, (stream, cancel) => AsJson ? JsonReport.WriteAsync(stream, report, cancel) : HtmlReport.WriteAsync(stream, report, cancel));
        if (writesPlan) Write(plan!, (stream, cancel) => ActionPlan.WriteAsync(stream, report.People, cancel));
        Keep(look);
    }

    // Rows need no connection; what is told beside them then stays out.
    private DropboxTeam? OpenTeam => (DropboxTeam ?? Session.Current.DropboxTeam) is { IsClosed: false } team ? team : null;

    // Rows of another team than the one that is connected have neither its name nor its readiness.
    private DropboxTeam? TeamOf(IReadOnlyList<DropboxUserStatus> people) =>
        OpenTeam is { } team && people.All(person => person.TeamId is null || person.TeamId == team.TeamId) ? team : null;

    private string FilePath(string path, string extension)
    {
        var file = DiskPath.Of(this, path);
        return System.IO.Path.HasExtension(file) ? file : file + extension;
    }

    private bool Asks(string path, string what)
    {
        if (!ShouldProcess(path, what)) return false;
        WholeFile.Check(path, Force);
        return true;
    }

    private IReadOnlyList<ProvisioningPrerequisite>? Prerequisites(IReadOnlyList<DropboxUserStatus> people)
    {
        if (SkipReadiness || TeamOf(people) is not { } team) return null;
        var org = (OktaOrg ?? Session.Current.OktaOrg) is { IsClosed: false } open ? open : null;
        var check = new ReadinessCheck(org, team, JournalChoice.For(this, Journal, team)) { IsLenient = true };
        return ReadinessTable.Judge(Await(cancel => check.ReadAsync(App, Progress, cancel)) with { People = people });
    }

    private void Write(string path, Func<Stream, CancellationToken, Task> write)
    {
        Await(cancel => WholeFile.WriteAsync(path, Force, write, cancel));
        WriteObject(new FileInfo(path));
    }
}
