<#
.SYNOPSIS
    Runs the suite in this pwsh with the Pester of artifacts/tools; the exit code is the number of failed tests.
#>
[CmdletBinding()]
param(
    # The file for the results, as NUnit XML.
    [Parameter(Mandatory)]
    [string] $ResultPath
)

$ErrorActionPreference = 'Stop'
$tools = [IO.Path]::GetFullPath([IO.Path]::Combine($PSScriptRoot, '..', '..', 'artifacts', 'tools'))
# Tests that start a pwsh of their own find this one first.
$env:PATH = [IO.Path]::Combine($tools, 'pwsh') + [IO.Path]::PathSeparator + $env:PATH
Import-Module ([IO.Path]::Combine($tools, 'modules', 'Pester'))
"PowerShell $($PSVersionTable.PSVersion), Pester $((Get-Module Pester).Version)"

Invoke-Pester -Configuration @{
    Run        = @{ Path = $PSScriptRoot; Exit = $true }
    Output     = @{ RenderMode = 'Plaintext' }
    TestResult = @{ Enabled = $true; OutputPath = $ResultPath }
}
