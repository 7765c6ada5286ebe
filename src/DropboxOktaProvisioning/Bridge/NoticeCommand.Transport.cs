using System.Management.Automation;
using DropboxOktaProvisioning.Completion;
using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Notices;
using DropboxOktaProvisioning.Input;

namespace DropboxOktaProvisioning.Bridge;

/// <content>How the notices leave, who sends them, and how fast.</content>
public abstract partial class NoticeCommand
{
    /// <summary>The sender, such as <c>Contoso IT &lt;it@contoso.example&gt;</c>; of several each has its turn. The sandbox has one of its own.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? From { get; set; }

    /// <summary>The mail server.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SmtpServer { get; set; }

    /// <summary>The mail server's port.</summary>
    [Parameter]
    [ValidateRange(1, 65535)]
    public int Port { get; set; } = 587;

    /// <summary>How the way to the mail server is encrypted; only None, named, goes without.</summary>
    [Parameter]
    public SmtpTls SmtpTls { get; set; }

    /// <summary>User and password for the mail server, or a script block that returns them.</summary>
    [Parameter]
    [SecretCredential]
    public PSCredential? Credential { get; set; }

    /// <summary>An OAuth access token for the mail server, as the password of a credential that names the mailbox.</summary>
    [Parameter]
    [SecretCredential]
    public PSCredential? OAuthCredential { get; set; }

    /// <summary>A folder for .eml files, in place of a mail server.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? PickupDirectory { get; set; }

    /// <summary>Sends through Microsoft Graph: an access token that may Mail.Send, or a script block that fetches one and is asked again when it ends.</summary>
    [Parameter]
    [TokenCallback]
    public TokenCallback? GraphToken { get; set; }

    /// <summary>The mailbox that sends through Graph, by id or user principal name, where that is not the address of -From.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? GraphMailbox { get; set; }

    /// <summary>Graph's address in a national cloud, such as https://graph.microsoft.us.</summary>
    [Parameter]
    public Uri? GraphUri { get; set; }

    /// <summary>What each sender may send: ExchangeOnline, GoogleWorkspace, AmazonSesSandbox, or figures such as 30/min,10000/day.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SenderLimitCompleter))]
    public string[]? SenderLimit { get; set; }

    /// <summary>A rehearsal: all mails go to this address, marked with whom they are for, and nobody counts as told.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? RedirectTo { get; set; }

    /// <summary>Whether nothing may happen but mails to one's own address.</summary>
    private protected bool IsRehearsal => RedirectTo is not null;

    private INoticeTransport Transport(ProvisioningSandbox? sandbox)
    {
        if (new object?[] { SmtpServer, PickupDirectory, GraphToken }.Count(way => way is not null) > 1)
            throw Conflict("More than one way was given for the notices to leave.", "Give one of -SmtpServer, -PickupDirectory and -GraphToken.");
        if (Credential is not null && OAuthCredential is not null)
            throw Conflict("Both a password and an OAuth token were given.", "Give either -Credential or -OAuthCredential.");
        if (SmtpServer is null && (Credential ?? OAuthCredential) is not null)
            throw Conflict("A sign-in for a mail server was given, and no mail server.", "Give -SmtpServer too.");
        if (GraphToken is null && (GraphMailbox is not null || GraphUri is not null))
            throw Conflict("-GraphMailbox and -GraphUri are for Microsoft Graph, and no token for it was given.", "Give -GraphToken too.");
        if (GraphMailbox is not null && From?.Length > 1)
            throw Conflict("Several senders were given, and one mailbox for all of them.", "Leave -GraphMailbox out: each sender's address then names its mailbox.");

        if (PickupDirectory is not null) return new PickupTransport(DiskPath.Of(this, PickupDirectory));
        if (GraphToken is not null) return Graph(GraphToken);
        if (SmtpServer is null) return sandbox?.Transport ?? throw NoTransport();
        if (Uri.CheckHostName(SmtpServer) is UriHostNameType.Unknown)
        {
            throw new ProvisioningException(
                ErrorIds.MailServerUnreachable, ProblemCategory.InvalidArgument, $"'{SmtpServer}' is no name of a mail server.", SmtpServer,
                "Give its name or IP address alone, such as smtp.contoso.example, and its port with -Port.");
        }

        return new SmtpTransport(
            new SmtpOptions
            {
                Host = SmtpServer,
                Port = Port,
                Tls = SmtpTls,
                UserName = (Credential ?? OAuthCredential)?.UserName,
                Secret = (Credential ?? OAuthCredential)?.Password,
                UseOAuth = OAuthCredential is not null,
            },
            TimeProvider.System);
    }

    private GraphTransport Graph(TokenCallback token)
    {
        var options = new GraphOptions
        {
            // The engine asks from a thread of its own; a script block runs on the pipeline's alone.
            Token = cancel => OnPipelineThread(() => token.Fetch(TimeProvider.System), cancel),
            Mailbox = GraphMailbox,
            Progress = Progress,
        };
        return new GraphTransport(GraphUri is null ? options : options with { Address = GraphUri });
    }

    private NoticeOptions WithSenders(NoticeOptions options) => options with
    {
        MoreSenders = From is [_, .. var more] ? more : [],
        SenderLimit = Limit(),
        RedirectTo = RedirectTo,
    };

    private SenderLimit? Limit() => SenderLimit is null ? null : Engine.Notices.SenderLimit.Parse(string.Join(',', SenderLimit));

    private static ProvisioningException NoSender() =>
        new(ErrorIds.SenderMissing, ProblemCategory.InvalidArgument, "No sender was given.", null, "Give -From.");

    private static ProvisioningException NoTransport() => new(
        ErrorIds.TransportMissing, ProblemCategory.InvalidArgument, "No way was given for the notices to leave.", null,
        "Give -SmtpServer, -GraphToken, or -PickupDirectory for .eml files.");
}
