using System.Management.Automation;
using DropboxOktaProvisioning.Bridge;
using DropboxOktaProvisioning.Connections;
using DropboxOktaProvisioning.Engine.Reports;
using DropboxOktaProvisioning.Engine.Verification;

namespace DropboxOktaProvisioning.Commands;

/// <summary>
/// <para type="synopsis">Counts how far people have come: assigned, provisioned, told, tried, active; and how many days it took them from the notice.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "ActivationProgress", HelpUri = HelpPages.At + "Get-ActivationProgress.md")]
[RequiredScopes(Okta = ["okta.apps.read"], Dropbox = ["members.read", "team_info.read"])]
[OutputType(typeof(ActivationProgress))]
public sealed class GetActivationProgressCommand : TeamCommand
{
    private readonly List<DropboxUserStatus> _people = [];

    /// <summary>Rows of Test-DropboxUserStatus; without them everybody is read. Only rows of its -Explain tell who tried.</summary>
    [Parameter(ValueFromPipeline = true)]
    [AllowEmptyCollection]
    [ValidateNotNull]
    public DropboxUserStatus[] InputObject { get; set; } = [];

    /// <summary>What puts people together: the domain of the address, or the month in which they were told.</summary>
    [Parameter]
    public ProgressGrouping By { get; set; }

    /// <inheritdoc/>
    protected override void OnRecord() => _people.AddRange(InputObject);

    /// <inheritdoc/>
    protected override void OnEnd()
    {
        var given = MyInvocation.ExpectingInput || MyInvocation.BoundParameters.ContainsKey(nameof(InputObject));
        if (!given) ReadEveryone();
        if (_people.Count == 0) return; // an empty pipeline asks for nobody, not for everybody

        var choice = JournalChoice.For(this, Journal, DropboxTeam ?? Session.Current.DropboxTeam);
        var index = Await(async cancel =>
        {
            await using var journal = await choice.Location.OpenReadOnlyAsync(choice.Time, cancel);
            return await journal.IndexAsync(cancel);
        });
        WriteObject(ActivationFunnel.Of(_people, By, index.LastNotice), enumerateCollection: true);
    }

    private void ReadEveryone()
    {
        var verifier = VerifierFor([]);
        Pull(cancel => verifier.RunAsync(new VerificationScope.Everyone(), Progress, cancel), outcome =>
        {
            if (outcome.Problem is { } problem) WriteProblem(problem);
            else _people.Add(outcome.Status!);
        });
    }
}
