<#
.SYNOPSIS
    Registers a Windows scheduled task that runs UnattendedRun.ps1 every working day.
.DESCRIPTION
    The task runs as an account of its own: best a group managed service account, which has no password that anybody knows. Its secrets come from a vault of that
    account (-FromVault of UnattendedRun.ps1). It never runs twice at once, is ended after three hours, and is run later where the machine was off.
.EXAMPLE
    ./WindowsScheduledTask.ps1 -Account 'CONTOSO\dropbox$' -Group 'Dropbox users' -From it@contoso.example -SmtpServer smtp.contoso.example
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    # The account that the task runs as.
    [Parameter(Mandatory)]
    [string] $Account,

    # The Okta groups whose people are verified and told.
    [Parameter(Mandatory)]
    [ValidatePattern('^[^"]+$', ErrorMessage = 'A task cannot hand on a quotation mark.')]
    [string[]] $Group,

    # The sender.
    [Parameter(Mandatory)]
    [ValidatePattern('^[^"]+$', ErrorMessage = 'A task cannot hand on a quotation mark.')]
    [string] $From,

    # The mail server.
    [Parameter(Mandatory)]
    [string] $SmtpServer,

    # The folder for the journal and the transcripts, on a disk that stays; only administrators and the account should read it.
    [string] $Folder = (Join-Path $env:ProgramData 'DropboxOktaProvisioning'),

    # What the task is called.
    [string] $TaskName = 'Dropbox activation',

    # The time of day.
    [datetime] $At = '06:00'
)

$ErrorActionPreference = 'Stop'
$literal = { "'" + $_.Replace("'", "''") + "'" }
$script = Join-Path $PSScriptRoot 'UnattendedRun.ps1' | ForEach-Object $literal
$groups = ($Group | ForEach-Object $literal) -join ', '
$sender, $server, $journal, $logs = $From, $SmtpServer, (Join-Path $Folder 'notices.db'), (Join-Path $Folder 'logs') | ForEach-Object $literal
# -Command and not -File, which would take a list of groups for one name.
$command = "& $script -Group $groups -From $sender -SmtpServer $server -Journal $journal -LogFolder $logs -FromVault; exit `$LASTEXITCODE"

$task = @{
    TaskName    = $TaskName
    Description = 'Tells people who wait for their Dropbox account how to sign on; nobody twice.'
    Action      = New-ScheduledTaskAction -Execute (Get-Command pwsh).Source -Argument "-NoProfile -NonInteractive -Command `"$command`""
    Trigger     = New-ScheduledTaskTrigger -Weekly -DaysOfWeek Monday, Tuesday, Wednesday, Thursday, Friday -At $At
    Principal   = New-ScheduledTaskPrincipal -UserId $Account -LogonType Password -RunLevel Limited
    Settings    = New-ScheduledTaskSettingsSet -MultipleInstances IgnoreNew -ExecutionTimeLimit '03:00:00' -StartWhenAvailable
}
if ($PSCmdlet.ShouldProcess($TaskName, "Register a scheduled task that runs as $Account")) {
    $null = New-Item -ItemType Directory -Path $Folder -Force
    Register-ScheduledTask @task -Force
}
