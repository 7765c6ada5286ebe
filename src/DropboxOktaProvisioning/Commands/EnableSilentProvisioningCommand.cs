using System.Management.Automation;
using DropboxOktaProvisioning.Bridge;

namespace DropboxOktaProvisioning.Commands;

/// <summary>
/// <para type="synopsis">Makes Okta provision people to Dropbox silently: accounts, and no welcome mail.</para>
/// </summary>
[Cmdlet(VerbsLifecycle.Enable, "SilentProvisioning", SupportsShouldProcess = true, HelpUri = HelpPages.At + "Enable-SilentProvisioning.md")]
[RequiredScopes(Okta = ["okta.apps.manage"])]
[OutputType(typeof(SilentProvisioningStatus))]
public sealed class EnableSilentProvisioningCommand() : SwitchCommand(enable: true);
