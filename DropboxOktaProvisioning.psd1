@{
    RootModule           = 'module/bin/DropboxOktaProvisioning.dll'
    ModuleVersion        = '0.1.0'
    GUID                 = '6d0b0a54-52f8-4bd4-9f0c-6b1f6a1f2a77'
    Author               = 'DropboxOktaProvisioning'
    CompanyName          = 'DropboxOktaProvisioning'
    Copyright            = '(c) DropboxOktaProvisioning. All rights reserved.'
    Description          = 'Carries an admin through Okta''s Dropbox Business silent provisioning workflow: enable it, verify every person on both sides, and tell those who wait to sign on.'

    PowerShellVersion    = '7.4'
    CompatiblePSEditions = @('Core')
    RequiredAssemblies   = @('module/bin/DropboxOktaProvisioning.Model.dll')
    FormatsToProcess     = @('module/DropboxOktaProvisioning.format.ps1xml')

    CmdletsToExport      = @(
        'Connect-DropboxTeam'
        'Connect-OktaOrg'
        'Disable-SilentProvisioning'
        'Disconnect-DropboxTeam'
        'Disconnect-OktaOrg'
        'Enable-SilentProvisioning'
        'Get-ActivationNotice', 'Export-ActivationTemplate', 'Export-ActivationReport'
        'Get-ActivationProgress'
        'Get-DropboxPersonalAccount'
        'Get-ProvisioningConnection'
        'Get-SilentProvisioning'
        'Grant-DropboxAccess'
        'Import-DropboxDomainInsight'
        'Invoke-SilentProvisioning'
        'New-DropboxBusinessApp'
        'New-ProvisioningPlan'
        'Send-ActivationNotice'
        'Start-ProvisioningSandbox'
        'Stop-ProvisioningSandbox'
        'Test-DropboxUserStatus'
        'Test-SilentProvisioningReadiness'
        'Wait-DropboxActivation'
    )
    FunctionsToExport    = @()
    AliasesToExport      = @()
    VariablesToExport    = @()

    PrivateData          = @{
        PSData = @{
            Tags = @('Dropbox', 'Okta', 'Provisioning', 'SSO', 'Identity', 'Windows', 'Linux', 'MacOS', 'PSEdition_Core')
        }
    }
}
