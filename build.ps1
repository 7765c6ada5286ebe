<#
.SYNOPSIS
Builds, tests, packs or cleans the module. A thin layer over dotnet that runs in pwsh and in the project's own Shell host.
.PARAMETER Task
Build: compiles everything and leaves an importable module in module/bin.
Test:  runs the .NET tests and the Pester tests.
Pester: runs the Pester tests, with the module as it was built, on a real pwsh that it installs into artifacts/tools; says so where it cannot.
Fuzz:  reads 1,000,000 broken files, answers and texts of each kind, which takes a while; a failure prints its seed.
Pack:  makes artifacts/package/DropboxOktaProvisioning, a folder that imports from any path, a zip of it, and a package for a PowerShell repository.
Readme: makes the print-outs in README.md anew, from the commands in them, and the picture of the report where that has changed.
Clean: removes what the other tasks made.
.PARAMETER Configuration
Release or Debug.
.EXAMPLE
./build.ps1 -Task Pack
.EXAMPLE
dotnet run --project src/DropboxOktaProvisioning.Shell -- -File build.ps1 -Task Test
#>
[CmdletBinding()]
param(
    [ValidateSet('Build', 'Test', 'Pester', 'Fuzz', 'Pack', 'Readme', 'Clean')]
    [string] $Task = 'Build',

    [ValidateSet('Release', 'Debug')]
    [string] $Configuration = 'Release'
)

# Only the language, core cmdlets and .NET calls: the Shell host has no Utility and Management modules.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$name = 'DropboxOktaProvisioning'
$root = $PSScriptRoot
$packages = [IO.Path]::Combine($root, 'artifacts', 'package')

function Write-Line([string] $Text) {
    [Console]::WriteLine($Text)
}

# Runs dotnet in the root; a step that fails ends the script with that step's exit code.
function Invoke-DotNet {
    Write-Line "dotnet $args"
    & dotnet @args
    if ($LASTEXITCODE -ne 0) {
        [Console]::Error.WriteLine("dotnet $($args[0]) failed with exit code $LASTEXITCODE.")
        exit $LASTEXITCODE
    }
}

# A running Shell host cannot be overwritten on Windows; from within it, all is built but the host itself.
function Get-BuildTarget {
    if ($IsWindows -and $Host.Name -eq "$name.Shell") {
        [IO.Path]::Combine($root, 'src', $name)
        return
    }
    [IO.Path]::Combine($root, "$name.slnx")
}

function Remove-Folder([string] $Path) {
    if ([IO.Directory]::Exists($Path)) {
        [IO.Directory]::Delete($Path, $true)
    }
}

# Compiles everything and leaves an importable module in module/bin.
function Invoke-BuildTask {
    Invoke-DotNet build (Get-BuildTarget) --configuration $Configuration
}

# Runs the .NET tests, then the Pester tests.
function Invoke-TestTask {
    Invoke-DotNet test ([IO.Path]::Combine($root, "$name.slnx")) --configuration $Configuration
    Invoke-PesterTask
}

# Brings a real pwsh and Pester into artifacts/tools, which takes a package source that has them, and runs the Pester tests with both.
function Invoke-PesterTask {
    $tests = [IO.Path]::Combine($root, 'tests', 'Pester')
    & dotnet build ([IO.Path]::Combine($tests, 'Tools.proj')) -nologo -verbosity:quiet
    if ($LASTEXITCODE -ne 0) {
        Write-Line 'Skipped: tests/Pester (pwsh and Pester cannot be installed here).'
        return
    }
    $pwsh = [IO.Path]::Combine($root, 'artifacts', 'tools', 'pwsh', $IsWindows ? 'pwsh.exe' : 'pwsh')
    & $pwsh -NoProfile -File ([IO.Path]::Combine($tests, 'Suite.ps1')) -ResultPath ([IO.Path]::Combine($root, 'artifacts', 'test-results', 'pester.xml'))
    if ($LASTEXITCODE -ne 0) {
        [Console]::Error.WriteLine("Pester failed with exit code $LASTEXITCODE.")
        exit $LASTEXITCODE
    }
}

# Every fuzz of the engine's tests, with many more cases than an ordinary run has time for.
function Invoke-FuzzTask {
    $env:FUZZ_CASES = '1000000'
    Invoke-DotNet test ([IO.Path]::Combine($root, 'tests', "$name.Engine.Tests")) --configuration $Configuration --filter Category=Fuzz --logger 'console;verbosity=normal'
}

# Makes the folder, the zip and the package for a PowerShell repository, each with what it needs anywhere; says how large they are.
function Invoke-PackTask {
    foreach ($project in $name, "$name.Packer") {
        Invoke-DotNet build ([IO.Path]::Combine($root, 'src', $project)) --configuration $Configuration
    }
    Invoke-DotNet exec ([IO.Path]::Combine($root, 'src', "$name.Packer", 'bin', $Configuration, 'net10.0', "$name.Packer.dll")) $root $packages
}

# Makes the print-outs and the picture in README.md anew; a test refuses those that no longer are what comes out.
function Invoke-ReadmeTask {
    Invoke-DotNet build ([IO.Path]::Combine($root, 'src', $name)) --configuration $Configuration
    $shell = [IO.Path]::Combine($root, 'src', "$name.Shell", 'bin', $Configuration, 'net10.0', "$name.Shell.dll")
    if (-not [IO.File]::Exists($shell)) { Invoke-DotNet build ([IO.Path]::Combine($root, 'src', "$name.Shell")) --configuration $Configuration }
    & ([IO.Path]::Combine($root, 'src', "$name.HelpBuilder", 'Readme.ps1')) -Path ([IO.Path]::Combine($root, 'README.md')) -Shell $shell
    Write-Line 'Made the print-outs and the picture of README.md.'
}

# Removes what the other tasks made. A Shell host that runs this keeps its own files: it still loads from them.
function Invoke-CleanTask {
    Remove-Folder ([IO.Path]::Combine($root, 'module', 'bin'))
    Remove-Folder ([IO.Path]::Combine($root, 'artifacts'))
    foreach ($parent in 'src', 'tests') {
        foreach ($project in [IO.Directory]::GetDirectories([IO.Path]::Combine($root, $parent))) {
            if ([AppContext]::BaseDirectory.StartsWith($project + [IO.Path]::DirectorySeparatorChar, [StringComparison]::OrdinalIgnoreCase)) {
                Write-Line "Kept: $project (it runs this script)."
                continue
            }
            Remove-Folder ([IO.Path]::Combine($project, 'bin'))
            Remove-Folder ([IO.Path]::Combine($project, 'obj'))
        }
    }
}

switch ($Task) {
    'Build' { Invoke-BuildTask }
    'Test' { Invoke-TestTask }
    'Pester' { Invoke-PesterTask }
    'Fuzz' { Invoke-FuzzTask }
    'Pack' { Invoke-PackTask }
    'Readme' { Invoke-ReadmeTask }
    'Clean' { Invoke-CleanTask }
}
