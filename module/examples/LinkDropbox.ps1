<#
.SYNOPSIS
Links the Dropbox app to the team once, at a prompt, and keeps the refresh token in a vault, from where unattended runs fetch it.
.DESCRIPTION
Register http://127.0.0.1:53117/ as a redirect URI of the app in the Dropbox App Console first. The vault is Microsoft's SecretManagement module with
any vault of yours registered; nothing else in the module needs it.
#>
[CmdletBinding()]
param(
    # The app's key, from its page in the Dropbox App Console.
    [Parameter(Mandatory)]
    [string] $AppKey,

    # What the secret is called in the vault.
    [string] $SecretName = 'dropbox-refresh-token',

    # For a machine without a browser: shows the address and asks for the code.
    [switch] $NoBrowser
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Command Set-Secret -ErrorAction SilentlyContinue)) {
    throw 'Install-Module Microsoft.PowerShell.SecretManagement, and register a vault, first.'
}

$team = Connect-DropboxTeam -AppKey $AppKey -SignIn -NoBrowser:$NoBrowser
Set-Secret -Name $SecretName -SecureStringSecret $team.TakeRefreshToken()
"Linked to $($team.Name). From now on: Connect-DropboxTeam $AppKey { Get-Secret $SecretName }"
