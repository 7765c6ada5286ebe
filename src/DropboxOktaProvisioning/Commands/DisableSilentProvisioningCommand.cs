using System.Management.Automation;
using DropboxOktaProvisioning.Bridge;

namespace DropboxOktaProvisioning.Commands;

/// <summary>
/// <para type="synopsis">Makes Dropbox mail the people whom Okta provisions again.</para>
/// </summary>
[Cmdlet(VerbsLifecycle.Disable, "SilentProvisioning", SupportsShouldProcess = true, HelpUri = HelpPages.At + "Disable-SilentProvisioning.md")]
[RequiredScopes(Okta = ["okta.apps.manage"])]
[OutputType(typeof(SilentProvisioningStatus))]
public sealed class DisableSilentProvisioningCommand() : SwitchCommand(enable: false);
