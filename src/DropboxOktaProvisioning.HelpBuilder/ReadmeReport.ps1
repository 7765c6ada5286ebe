<#
.SYNOPSIS
    Writes the report that the README shows a picture of: a roll-out on the sandbox, ten days old, the same each time.
#>
[CmdletBinding()]
param(
    # The file.
    [Parameter(Mandatory)]
    [string] $Path
)

$ErrorActionPreference = 'Stop'
Import-Module ([IO.Path]::Combine($PSScriptRoot, '..', '..', 'DropboxOktaProvisioning.psd1'))
$sandbox = Start-ProvisioningSandbox -UserCount 200 -PassThru
try {
    $null = Send-ActivationNotice -InputObject (Test-DropboxUserStatus) -WarningAction SilentlyContinue
    $waiting = @(Test-DropboxUserStatus | Where-Object Stage -EQ AwaitingActivation)
    foreach ($day in 0..9) {
        foreach ($person in $waiting[($day * 3)..($day * 3 + 2)]) { $sandbox.SignOn($person.Email) }
        $sandbox.Advance('1.00:00')
        if ($day -in 3, 6) { $null = Get-ActivationProgress }
    }
    $null = Export-ActivationReport $Path -Force
}
finally {
    Stop-ProvisioningSandbox
}
