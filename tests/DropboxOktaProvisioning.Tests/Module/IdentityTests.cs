using System.Management.Automation;

namespace DropboxOktaProvisioning.Tests;

/// <summary>An id, a name, or any object that has one.</summary>
public sealed class IdentityTests : IDisposable
{
    private readonly ModuleSession _session = new();

    public IdentityTests() => _session.Run("$sandbox = Start-ProvisioningSandbox 60 -PassThru; $app = Get-SilentProvisioning; $waiting = @(Test-DropboxUserStatus | Where-Object Stage -eq AwaitingActivation)").Clean();

    public void Dispose() => _session.Dispose();

    private IReadOnlyList<PSObject> Run(string script) => _session.Run(script).Clean().Output;

    [Theory]
    [InlineData("$app | Get-SilentProvisioning")]
    [InlineData("Get-SilentProvisioning -App $app")]
    [InlineData("Get-SilentProvisioning -App $app.AppId")]
    [InlineData("$app.AppId | Get-SilentProvisioning")]
    [InlineData("Get-SilentProvisioning -App 'dropbox business'")]
    [InlineData("[pscustomobject]@{ Id = $app.AppId; Label = 'another' } | Get-SilentProvisioning")]
    [InlineData("[pscustomobject]@{ Label = 'Dropbox Business' } | Get-SilentProvisioning")]
    [InlineData("Grant-DropboxAccess -Group Everyone -WhatIf | Get-SilentProvisioning")]
    public void An_app(string script) => Assert.Equal(Run("$app.AppId").Single().ToString(), Run(script).Single().Properties["AppId"].Value);

    [Theory]
    [InlineData("Test-DropboxUserStatus -App $app -Email $waiting[0]")]
    [InlineData("$waiting[0] | Test-DropboxUserStatus")]
    [InlineData("Test-DropboxUserStatus $waiting[0].Email")]
    [InlineData("[mailaddress] $waiting[0].Email | Test-DropboxUserStatus")]
    [InlineData("[pscustomobject]@{ Mail = $waiting[0].Email } | Test-DropboxUserStatus")]
    [InlineData("[pscustomobject]@{ id = '00u1'; profile = [pscustomobject]@{ login = $waiting[0].Email } } | Test-DropboxUserStatus")]
    public void A_person(string script) => Assert.Equal(Run("$waiting[0].Email").Single().ToString(), Run(script).Single().Properties["Email"].Value);

    [Theory]
    [InlineData("$waiting | Grant-DropboxAccess")]
    [InlineData("Grant-DropboxAccess $waiting")]
    [InlineData("$waiting.OktaUserId | Grant-DropboxAccess")]
    public void People_who_are_assigned(string script)
    {
        var rows = Run(script);
        Assert.Equal(Run("$waiting.Email").Select(email => email.ToString()).Order(), rows.Select(row => (string)row.Properties["Name"].Value).Order());
        Assert.All(rows, row => Assert.Equal("AlreadyAssigned", row.Properties["Outcome"].Value.ToString()));
    }

    [Fact]
    public void People_whose_notices_are_looked_for() =>
        Assert.Equal(2, Run("$null = $waiting | Send-ActivationNotice; $waiting[0..1] | Get-ActivationNotice").Count);

    [Theory]
    [InlineData("Test-DropboxUserStatus -Group $group")]
    [InlineData("Test-DropboxUserStatus -Group $group.Id")]
    [InlineData("Test-DropboxUserStatus -Group ([pscustomobject]@{ id = $group.Id; profile = [pscustomobject]@{ name = 'Dropbox Pilot' } })")]
    [InlineData("Test-DropboxUserStatus -Group ([pscustomobject]@{ profile = [pscustomobject]@{ name = 'Dropbox Pilot' } })")]
    public void A_group(string script)
    {
        Run("$group = Grant-DropboxAccess -Group 'Dropbox Pilot' -WhatIf");
        Assert.Equal(Run("Test-DropboxUserStatus -Group 'Dropbox Pilot'").Count, Run(script).Count);
    }

    [Theory]
    [InlineData("Get-SilentProvisioning -App $waiting[0]", "AppId, Id, Label")]
    [InlineData("Get-SilentProvisioning -App @{ Name = 'x' }", "AppId, Id, Label")]
    [InlineData("Test-DropboxUserStatus -Group $sandbox", "GroupId, Id, profile.name")]
    public void What_names_nothing_is_told_with_what_would(string script, string names) =>
        Assert.Contains(names, Assert.Single(_session.Run(script).AllErrors).ToString(), StringComparison.Ordinal);
}
