<#
.SYNOPSIS
    Makes the print-outs of a README anew: runs what stands after each PS> and puts below it what comes out.
.DESCRIPTION
    A print-out lies between <!-- begin: session --> and <!-- end: session -->. Its commands are run in their order in one session of the Shell host, 120 columns
    wide, on the sandbox, whose people and clock are the same each time. Only the core cmdlets and the module's own are there.
#>
[CmdletBinding()]
param(
    # The README.
    [Parameter(Mandatory)]
    [string] $Path,

    # The built Shell host.
    [Parameter(Mandatory)]
    [string] $Shell
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$root = [IO.Path]::GetFullPath([IO.Path]::Combine($PSScriptRoot, '..', '..'))

function Get-PrintOut([string[]] $Commands) {
    $script = [Text.StringBuilder]::new("`$ErrorActionPreference = 'Stop'`nImport-Module '$root/DropboxOktaProvisioning.psd1'`n")
    foreach ($command in $Commands) {
        # Each by itself, as at a prompt: two tables are two, and variables stay.
        $null = $script.Append("[Console]::WriteLine('PS> $($command.Replace("'", "''"))')`n. {`n$command`n} | Out-Host`n")
    }
    $lines = & dotnet exec $Shell -Command $script.ToString()
    if ($LASTEXITCODE -ne 0) { throw "The print-out failed: $lines" }

    # A blank line between what comes out and the next command, and none between a command and what comes out.
    $text = [regex]::Replace(($lines | ForEach-Object TrimEnd) -join "`n", '(?m)(?<=^PS> .*)\n+', "`n")
    [regex]::Replace($text, '(?m)(?<=^(?!PS> ).+)\n+(?=PS> )', "`n`n").Trim()
}

$readme = [IO.File]::ReadAllText($Path)
$made = [regex]::Replace($readme, '(?s)(?<=<!-- begin: session -->\n```powershell\n).*?(?=\n```\n<!-- end: session -->)', {
        param($Found)
        Get-PrintOut @([regex]::Matches($Found.Value, '(?m)^PS> (.+)$') | ForEach-Object { $_.Groups[1].Value })
    })
[IO.File]::WriteAllText($Path, $made)
