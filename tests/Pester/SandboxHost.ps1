# For tests that sign in: dot-source it in BeforeAll. The sandbox in a process of its own, on a port of the loopback.

function Start-SandboxHost([string[]] $Arguments) {
    $project = [IO.Path]::Combine($PSScriptRoot, '..', '..', 'src', 'DropboxOktaProvisioning.SandboxHost')
    $newest = Get-ChildItem $project/bin/*/net10.0/DropboxOktaProvisioning.SandboxHost.dll | Sort-Object LastWriteTime | Select-Object -Last 1
    $start = [Diagnostics.ProcessStartInfo]::new('dotnet')
    $start.RedirectStandardOutput = $true
    @('exec', $newest.FullName) + $Arguments | ForEach-Object { $start.ArgumentList.Add($_) }
    $process = [Diagnostics.Process]::Start($start)
    $told = @{ Process = $process }
    while (($line = $process.StandardOutput.ReadLine()) -and $line -ne 'ready') {
        $name, $value = $line -split ' ', 2
        $told[$name] = $value
    }
    $told
}

function Stop-SandboxHost($Service) {
    $Service.Process.Kill()
    $Service.Process.Dispose()
}

function ConvertTo-Secret([string] $Text) {
    ConvertTo-SecureString $Text -AsPlainText -Force
}
