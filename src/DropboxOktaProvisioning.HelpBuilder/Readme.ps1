<#
.SYNOPSIS
    Makes the print-outs and the picture of a README anew: runs what stands after each PS> and puts below it what comes out.
.DESCRIPTION
    A print-out lies between <!-- begin: session --> and <!-- end: session -->. Its commands are run in their order in one session of the Shell host, 120 columns
    wide, on the sandbox, whose people and clock are the same each time. Only the core cmdlets and the module's own are there.

    The picture lies between <!-- begin: report HASH --> and <!-- end: report -->. HASH is that of the report which it shows: where ReadmeReport.ps1 writes another
    one, the picture is made anew, which takes a Chromium.
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

# A picture of a page, as high as the part of it that tells most.
function Save-Picture([string] $Page, [string] $Picture) {
    $browser = Get-Command chromium, chromium-browser, google-chrome, msedge -CommandType Application -ErrorAction Ignore
    if (-not $browser) { throw 'The report is another one than in the picture, and there is no Chromium here to make a new one with.' }
    $null = [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($Picture))
    [IO.File]::Delete($Picture)
    $address = [uri]::new($Page, [UriKind]::Absolute).AbsoluteUri
    $said = & @($browser)[0].Source --headless --no-sandbox --hide-scrollbars --window-size=1280,1180 "--screenshot=$Picture" $address 2>&1
    if (-not [IO.File]::Exists($Picture)) { throw "Chromium made no picture: $said" }
}

# The hash of the report as it is now. The picture lies beside the README, by the path that stands there.
function Get-ReportHash([string] $Hash, [string] $Picture) {
    $page = [IO.Path]::Combine([IO.Directory]::CreateTempSubdirectory('dop-readme-').FullName, 'report.html')
    try {
        $said = & dotnet exec $Shell -File ([IO.Path]::Combine($PSScriptRoot, 'ReadmeReport.ps1')) -Path $page
        if ($LASTEXITCODE -ne 0) { throw "The report failed: $said" }
        $now = [Convert]::ToHexString([Security.Cryptography.SHA256]::HashData([IO.File]::ReadAllBytes($page))).ToLowerInvariant()
        if ($now -ne $Hash) { Save-Picture $page $Picture }
        $now
    }
    finally {
        [IO.Directory]::Delete([IO.Path]::GetDirectoryName($page), $true)
    }
}

$Path = [IO.Path]::GetFullPath($Path)
$readme = [IO.File]::ReadAllText($Path)
$made = [regex]::Replace($readme, '(?s)(?<=<!-- begin: session -->\n```powershell\n).*?(?=\n```\n<!-- end: session -->)', {
        param($Found)
        Get-PrintOut @([regex]::Matches($Found.Value, '(?m)^PS> (.+)$') | ForEach-Object { $_.Groups[1].Value })
    })
$made = [regex]::Replace($made, '(?<=<!-- begin: report )(\w*)(?= -->\n!\[[^\]]*\]\(([^)]+)\)\n<!-- end: report -->)', {
        param($Found)
        Get-ReportHash $Found.Groups[1].Value ([IO.Path]::Combine([IO.Path]::GetDirectoryName($Path), $Found.Groups[2].Value))
    })
[IO.File]::WriteAllText($Path, $made)
