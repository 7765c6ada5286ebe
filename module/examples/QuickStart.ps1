<#
.SYNOPSIS
    The whole workflow on the embedded sandbox: nothing leaves this machine.
.DESCRIPTION
    Starts an Okta org and a Dropbox team in memory, enables silent provisioning, verifies everybody, writes the notices as .eml files,
    lets some people sign on and shows who is left. The journal stays, so a second run mails nobody again; -Fresh forgets it.
.EXAMPLE
    ./module/examples/QuickStart.ps1
.EXAMPLE
    ./module/examples/QuickStart.ps1 -UserCount 50 -Fresh
#>
[CmdletBinding()]
param(
    # How many people there are in all.
    [int] $UserCount = 200,

    # The same seed gives the same world.
    [int] $Seed = 1,

    # The folder for the mails and the journal; without it artifacts/quickstart, or where the module is installed a folder of the user's.
    [string] $Path,

    # Forgets the notices of earlier runs.
    [switch] $Fresh
)

$ErrorActionPreference = 'Stop'
$root = [IO.Path]::GetFullPath([IO.Path]::Combine($PSScriptRoot, '..', '..'))
Import-Module ([IO.Path]::Combine($root, 'DropboxOktaProvisioning.psd1'))

if (-not $Path) {
    # In the repository beside what the build makes; where the module is installed its folder is not for writing.
    $folder = [IO.Directory]::Exists([IO.Path]::Combine($root, 'src')) ? [IO.Path]::Combine($root, 'artifacts') :
        [IO.Path]::Combine([Environment]::GetFolderPath('LocalApplicationData', 'DoNotVerify'), 'DropboxOktaProvisioning')
    $Path = [IO.Path]::Combine($folder, 'quickstart')
}
$Path = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path)
$null = [IO.Directory]::CreateDirectory($Path)
$outbox = [IO.Path]::Combine($Path, 'outbox')
if ($Fresh) {
    # Only what this script made: the folder may hold other things.
    foreach ($file in 'journal.db', 'journal.db-wal', 'journal.db-shm') { [IO.File]::Delete([IO.Path]::Combine($Path, $file)) }
    if ([IO.Directory]::Exists($outbox)) { [IO.Directory]::GetFiles($outbox, '*.eml') | ForEach-Object { [IO.File]::Delete($_) } }
}
$mail = @{
    From            = 'Contoso IT <it@contoso.example>'
    PickupDirectory = $outbox
    Journal         = [IO.Path]::Combine($Path, 'journal.db')
}

function Show-Count($Items, $Property) {
    $counts = [ordered]@{}
    foreach ($item in $Items) { $counts["$($item.$Property)"] += 1 }
    foreach ($name in $counts.Keys) { '  {0,5}  {1}' -f $counts[$name], $name | Out-Host }
}

"1. The Dropbox app in Okta, and its switch" | Out-Host
$sandbox = Start-ProvisioningSandbox -UserCount $UserCount -Seed $Seed -PassThru
try {
    Get-SilentProvisioning | Out-Host
    Enable-SilentProvisioning -BackupPath ([IO.Path]::Combine($Path, 'backups')) | Out-Host

    "2. Where everybody stands" | Out-Host
    $people = @(Test-DropboxUserStatus -Domain contoso.example -Journal $mail.Journal)
    Show-Count $people Stage
    "`nOne or two of each stage:" | Out-Host
    $(foreach ($stage in [enum]::GetNames([DropboxOktaProvisioning.ProvisioningStage])) { @($people | Where-Object Stage -eq $stage)[0..1] }) | Where-Object { $_ } | Out-Host

    "3. Telling those who wait" | Out-Host
    $notices = @($people | Send-ActivationNotice @mail)
    Show-Count $notices State
    if (-not @($notices | Where-Object State -eq 'Sent')) { "  An earlier run told them all; -Fresh forgets it." | Out-Host }
    "  The mails are in $outbox" | Out-Host

    "`nThree days later, ten of them have signed on" | Out-Host
    $waiting = @($people | Where-Object Stage -eq 'AwaitingActivation')
    foreach ($person in $waiting[0..9]) { if ($person) { $sandbox.SignOn($person.Email) } }
    $sandbox.Advance('3.00:00')
    $people = @(Test-DropboxUserStatus -Domain contoso.example -Journal $mail.Journal)
    $left = @($people | Where-Object Stage -eq 'AwaitingActivation')
    Show-Count $people Stage
    "`nThe first who are left:" | Out-Host
    $left[0..7] | Out-Host

    "Sending again tells those who were added since, and nobody twice" | Out-Host
    Show-Count @($people | Send-ActivationNotice @mail) State
    "`nAnd once more" | Out-Host
    Show-Count @($people | Send-ActivationNotice @mail) State
}
finally {
    Stop-ProvisioningSandbox
}
