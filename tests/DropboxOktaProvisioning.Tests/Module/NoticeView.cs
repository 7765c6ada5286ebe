using System.Management.Automation;

namespace DropboxOktaProvisioning.Tests;

/// <summary>A notice's row as a script sees it.</summary>
internal sealed record NoticeView(string State, string Reason, string? Sender, string Transport, string Id, DateTimeOffset? SentOn)
{
    public static NoticeView[] Of(ScriptResult result) => [.. result.Output.Select(Of)];

    private static NoticeView Of(PSObject row)
    {
        return new(Text("State")!, Text("Reason")!, Text("Sender"), Text("Transport")!, Text("Id")!, (DateTimeOffset?)row.Properties["SentOn"].Value);

        string? Text(string name) => row.Properties[name].Value?.ToString();
    }
}
