using System.Management.Automation;
using DropboxOktaProvisioning.Bridge;
using DropboxOktaProvisioning.Completion;
using DropboxOktaProvisioning.Connections;
using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Verification;

namespace DropboxOktaProvisioning.Commands;

/// <summary>
/// <para type="synopsis">Tells which addresses on the company's domain belong to personal Dropbox accounts, how sure that is, and why.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "DropboxPersonalAccount", HelpUri = HelpPages.At + "Get-DropboxPersonalAccount.md")]
[RequiredScopes(Dropbox = ["events.read", "members.read"])]
[OutputType(typeof(DropboxPersonalAccount))]
public sealed class GetDropboxPersonalAccountCommand : AsyncCommand
{
    private readonly List<DropboxPersonalAccount> _known = [];

    /// <summary>The company's domains: an address counts if it is exactly on one of them.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ArgumentCompleter(typeof(DomainCompleter))]
    public string[] Domain { get; set; } = [];

    /// <summary>How far back the team's log is read; without it 90 days.</summary>
    [Parameter]
    public DateTimeOffset? Since { get; set; }

    /// <summary>Rows of Import-DropboxDomainInsight or of an earlier reading, or addresses.</summary>
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    /// <summary>Reads all of the log, and not only the categories where personal accounts mostly show: on a busy team many times as much.</summary>
    [Parameter]
    public SwitchParameter WholeLog { get; set; }

    /// <summary>Leaves the team's log alone, for an app without the scope events.read.</summary>
    [Parameter]
    public SwitchParameter SkipLog { get; set; }

    /// <summary>The team; without it the one that Connect-DropboxTeam made this runspace's default.</summary>
    [Parameter]
    public DropboxTeam? DropboxTeam { get; set; }

    /// <inheritdoc/>
    protected override void OnRecord()
    {
        if (InputObject is null) return;
        try
        {
            _known.Add(PersonalAccountInput.Row(InputObject));
        }
        catch (ProvisioningException problem)
        {
            WriteProblem(problem);
        }
    }

    /// <inheritdoc/>
    protected override void OnEnd()
    {
        if (WholeLog && SkipLog)
            throw new ProvisioningException(ErrorIds.ConflictingParameters, ProblemCategory.InvalidArgument, "-WholeLog and -SkipLog were both given.", null, "Give one of them, or none.");

        string[] domains = [.. Domain.Select(DomainName.Parse)];
        var team = OktaCommand.Connected(DropboxTeam ?? Session.Current.DropboxTeam, one => one.IsClosed, "Dropbox team", "Connect-DropboxTeam");
        var now = team.Time.GetUtcNow();
        var book = new PersonalAccountBook(domains, now);
        var elsewhere = _known.Count(row => !book.Add(row));
        if (elsewhere > 0) WriteWarning($"{elsewhere} of {_known.Count} addresses handed in are not on {string.Join(" or ", Domain)} and were left out. Name their domains too if they count.");

        var reading = SkipLog ? LogReading.None : WholeLog ? LogReading.Whole : LogReading.Telling;
        Await(cancel => new PersonalAccountReader(team.Client).ReadAsync(book, reading, Since ?? now.AddDays(-90), Progress, cancel));
        var likelihoods = new Tally();
        foreach (var row in book.Rows())
        {
            likelihoods.Add(row.Likelihood);
            WriteObject(row);
        }

        Inform($"{likelihoods.Total} addresses: {likelihoods}.");
    }
}
