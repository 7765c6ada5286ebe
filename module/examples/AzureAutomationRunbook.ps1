<#
.SYNOPSIS
    An Azure Automation runbook (PowerShell 7.4) that tells people who wait for their Dropbox account.
.DESCRIPTION
    Import DropboxOktaProvisioning.zip of `build.ps1 -Task Pack` as a module of the Automation account, and make these variables of it, the last four encrypted:
    OktaDomain, OktaClientId, DropboxAppKey, Journal, OktaPrivateKey, DropboxRefreshToken, JournalPassword, MailPassword.

    A runbook's disk does not stay, so the journal is a PostgreSQL database: Host=db.contoso.example;Database=provisioning;Username=runbook. A job that is cut
    at three hours begins again, and tells nobody twice. The job fails when something is left for you to look at; its output says what and why.
#>
[CmdletBinding()]
param(
    # An Okta group whose people are verified and told.
    [Parameter(Mandatory)]
    [string] $Group,

    # The sender, who is also the user at the mail server.
    [Parameter(Mandatory)]
    [string] $From,

    # The mail server.
    [Parameter(Mandatory)]
    [string] $SmtpServer,

    # Only shows what would happen.
    [bool] $WhatIf = $false
)

$ErrorActionPreference = 'Stop'
Import-Module DropboxOktaProvisioning

# A script block fetches its secret when it is needed, and nothing keeps it.
$okta = @{ Domain = Get-AutomationVariable OktaDomain; ClientId = Get-AutomationVariable OktaClientId; PrivateKey = { Get-AutomationVariable OktaPrivateKey } }
$org = Connect-OktaOrg @okta -Scope okta.apps.manage, okta.users.read, okta.groups.read
$team = Connect-DropboxTeam (Get-AutomationVariable DropboxAppKey) { Get-AutomationVariable DropboxRefreshToken }
$env:PGPASSWORD = Get-AutomationVariable JournalPassword
try {
    $run = @{
        Group       = $Group
        From        = $From
        SmtpServer  = $SmtpServer
        Credential  = { [pscredential]::new($From, (ConvertTo-SecureString (Get-AutomationVariable MailPassword) -AsPlainText -Force)) }
        Journal     = Get-AutomationVariable Journal
        OktaOrg     = $org
        DropboxTeam = $team
        WhatIf      = $WhatIf
    }
    $result = Invoke-SilentProvisioning @run -ErrorAction Continue -ErrorVariable problems
}
finally {
    $env:PGPASSWORD = $null
    Disconnect-OktaOrg $org
    Disconnect-DropboxTeam $team
}

$result
if ($problems -or $result.Failures) {
    $result.Failures
    throw 'Something is left to look at: the errors and the failures above say what.'
}
