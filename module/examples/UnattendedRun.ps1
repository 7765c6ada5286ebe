<#
.SYNOPSIS
    One unattended run of the whole workflow, for a scheduled task, a systemd timer or a job of a CI service.
.DESCRIPTION
    Connects with what the environment holds (OKTA_CLIENT_… and DROPBOX_…), or with the secrets of a vault; what is connected already is used as it is. Then it
    enables silent provisioning, verifies the people of the groups, and tells those who wait. A second run changes nothing and mails nobody.

    The exit code is 0 when all is well, 1 when something is left for you to look at, and 2 when the run came to an end before its time. The output says what and why.
.EXAMPLE
    ./UnattendedRun.ps1 -Group 'Dropbox users' -From it@contoso.example -SmtpServer smtp.contoso.example -Journal /srv/provisioning/notices.db
.EXAMPLE
    ./UnattendedRun.ps1 -Group 'Dropbox users' -From it@contoso.example -SmtpServer smtp.contoso.example -Journal /srv/provisioning/notices.db -WhatIf
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    # The Okta groups whose people are verified and told.
    [Parameter(Mandatory)]
    [string[]] $Group,

    # The sender.
    [Parameter(Mandatory)]
    [string] $From,

    # The mail server.
    [string] $SmtpServer,

    # A folder from which a mail server takes .eml files, in place of -SmtpServer.
    [string] $PickupDirectory,

    # The journal, by its whole path or as a PostgreSQL database: a new one knows of nobody who was told.
    [Parameter(Mandatory)]
    [string] $Journal,

    # More notices than this in one run are an error, and none of them is sent: a wrong group shows before it is too late.
    [int] $MaximumCount = 500,

    # A folder for a transcript of each run, of which the last 60 are kept. No secret is in them.
    [string] $LogFolder,

    # Takes okta-private-key and dropbox-refresh-token from the default vault of SecretManagement; LinkDropbox.ps1 puts the second one there.
    [switch] $FromVault
)

$ErrorActionPreference = 'Stop'
$exitCode = 2
$ours = @()
if ($LogFolder) {
    $null = New-Item -ItemType Directory -Path $LogFolder -Force -WhatIf:$false
    Get-ChildItem $LogFolder -Filter 'run-*.log' | Sort-Object Name -Descending | Select-Object -Skip 59 | Remove-Item -WhatIf:$false
    $log = Join-Path $LogFolder ('run-{0:yyyyMMdd-HHmmss-fff}.log' -f [datetime]::UtcNow)
    $null = Start-Transcript -Path $log -UseMinimalHeader -WhatIf:$false
}
try {
    Import-Module DropboxOktaProvisioning
    $connected = @(Get-ProvisioningConnection | Where-Object IsConnected).Service
    if ('Okta' -notin $connected) {
        $ours += $FromVault ?
            (Connect-OktaOrg $env:OKTA_CLIENT_ORGURL -ClientId $env:OKTA_CLIENT_CLIENTID -PrivateKey { Get-Secret okta-private-key } -Scope okta.apps.manage, okta.users.read, okta.groups.read) :
            (Connect-OktaOrg)
    }
    if ('Dropbox' -notin $connected) {
        $ours += $FromVault ? (Connect-DropboxTeam $env:DROPBOX_APP_KEY { Get-Secret dropbox-refresh-token }) : (Connect-DropboxTeam)
    }

    $run = @{ Group = $Group; From = $From; Journal = $Journal; MaximumCount = $MaximumCount }
    if ($SmtpServer) { $run.SmtpServer = $SmtpServer }
    if ($PickupDirectory) { $run.PickupDirectory = $PickupDirectory }
    # One person who cannot be told does not stop the others. The result is shown even where the run ends early.
    Invoke-SilentProvisioning @run -ErrorAction Continue -ErrorVariable problems -InformationAction Continue -OutVariable result | Out-Host
    $result.Failures | Format-Table Email, ErrorId, Reason -Wrap | Out-Host
    $exitCode = $problems -or $result.Failures ? 1 : 0
}
catch {
    Write-Error -ErrorRecord $_ -ErrorAction Continue
}
finally {
    $ours | ForEach-Object { if ($_ -is [DropboxOktaProvisioning.OktaOrg]) { Disconnect-OktaOrg $_ } else { Disconnect-DropboxTeam $_ } }
    if ($LogFolder) { $null = Stop-Transcript }
}
exit $exitCode
