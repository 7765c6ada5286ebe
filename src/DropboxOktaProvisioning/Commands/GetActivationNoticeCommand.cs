using System.Management.Automation;
using DropboxOktaProvisioning.Bridge;
using DropboxOktaProvisioning.Connections;
using DropboxOktaProvisioning.Engine.Journal;
using DropboxOktaProvisioning.Input;

namespace DropboxOktaProvisioning.Commands;

/// <summary>
/// <para type="synopsis">Reads the journal: who was told, when, and what became of it.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "ActivationNotice", HelpUri = HelpPages.At + "Get-ActivationNotice.md")]
[OutputType(typeof(ActivationNotice))]
public sealed class GetActivationNoticeCommand : AsyncCommand
{
    private readonly List<string> _asked = [];

    /// <summary>Whose; without it everybody's.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AllowEmptyCollection]
    [ValidateNotNull]
    [Identity("Email", "Login", "Mail", "UserPrincipalName", "profile.login", "profile.email")]
    public string[] Email { get; set; } = [];

    /// <summary>Only those in these states.</summary>
    [Parameter]
    [ValidateNotNull]
    public NoticeState[] State { get; set; } = [];

    /// <summary>Only those that changed since then.</summary>
    [Parameter]
    public DateTimeOffset? Since { get; set; }

    /// <summary>Only those of this team.</summary>
    [Parameter]
    public DropboxTeam? DropboxTeam { get; set; }

    /// <summary>The journal; without it the user's own.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Journal { get; set; }

    /// <inheritdoc/>
    protected override void OnRecord() => _asked.AddRange(Email);

    /// <inheritdoc/>
    protected override void OnEnd()
    {
        if (_asked.Count == 0 && (MyInvocation.ExpectingInput || MyInvocation.BoundParameters.ContainsKey(nameof(Email)))) return;
        var choice = JournalChoice.For(this, Journal, DropboxTeam ?? Session.Current.DropboxTeam);
        var journal = Await(cancel => choice.Location.OpenReadOnlyAsync(choice.Time, cancel));
        try
        {
            var filter = new NoticeFilter { Emails = _asked, States = State, Since = Since, TeamId = DropboxTeam?.TeamId };
            Pull(cancel => journal.ListAsync(filter, cancel), notice => WriteObject(notice));
        }
        finally
        {
            Await(_ => journal.DisposeAsync().AsTask());
        }
    }
}
