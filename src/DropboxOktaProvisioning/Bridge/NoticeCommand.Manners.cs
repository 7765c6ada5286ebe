using System.Management.Automation;

namespace DropboxOktaProvisioning.Bridge;

/// <content>In which language, how often, when, and whom else.</content>
public abstract partial class NoticeCommand
{
    /// <summary>The language of those whose own there are no templates in, and of what lies in the folder of -TemplatePath directly.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string Language { get; set; } = "en";
}
