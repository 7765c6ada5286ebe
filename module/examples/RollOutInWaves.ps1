<#
.SYNOPSIS
    Rolls Dropbox out group by group: a small first wave, then the others, then the next group.
.DESCRIPTION
    Run it as often as you like, such as daily: each run goes as far as it may and says why it went no further. A group is assigned the app, its first people are told,
    and once enough of these have signed on the others are told too. The next group begins once enough of this one are active. Nobody is told twice.
.EXAMPLE
    ./RollOutInWaves.ps1 -Group 'IT', 'Sales', 'Everybody else' -From it@contoso.example -SmtpServer smtp.contoso.example -Journal /srv/provisioning/notices.db
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    # The Okta groups, in the order in which they come.
    [Parameter(Mandatory)]
    [string[]] $Group,

    # The sender.
    [Parameter(Mandatory)]
    [string] $From,

    # The mail server.
    [string] $SmtpServer,

    # A folder from which a mail server takes .eml files, in place of -SmtpServer.
    [string] $PickupDirectory,

    # The journal, by its whole path or as a PostgreSQL database.
    [Parameter(Mandatory)]
    [string] $Journal,

    # How many people of each group are told first.
    [ValidateRange(1, 10000)]
    [int] $FirstWave = 25,

    # How many percent of those who were told must have signed on before it goes on.
    [ValidateRange(1, 100)]
    [int] $Percent = 80
)

$ErrorActionPreference = 'Stop'
Import-Module DropboxOktaProvisioning
$mail = @{ From = $From; Journal = $Journal }
if ($SmtpServer) { $mail.SmtpServer = $SmtpServer }
if ($PickupDirectory) { $mail.PickupDirectory = $PickupDirectory }

$earlier = @{} # people of the groups before, who do not count again
foreach ($name in $Group) {
    $access = Grant-DropboxAccess -Group $name
    $people = @(Test-DropboxUserStatus -Group $name -Journal $Journal | Where-Object { -not $earlier[$_.Email] })
    $people | ForEach-Object { $earlier[$_.Email] = $true }
    $told = @($people | Where-Object LastNotice)
    $arrived = @($told | Where-Object Stage -EQ Active)
    $waiting = @($people | Where-Object { $_.Stage -eq 'AwaitingActivation' -and -not $_.LastNotice })
    $enough = $arrived.Count * 100 -ge $told.Count * $Percent

    $wave = if (-not $told) { @{ FirstWave = $FirstWave } } elseif ($enough) { @{} }
    # One person who cannot be told does not stop the others.
    $sent = @(if ($waiting -and $wave) { $waiting | Send-ActivationNotice @mail @wave -ErrorAction Continue | Where-Object State -EQ Sent })
    $active = @($people | Where-Object Stage -EQ Active).Count
    $isDone = $access.Outcome -eq 'AlreadyAssigned' -and -not $sent -and $active * 100 -ge $people.Count * $Percent
    [pscustomobject]@{
        Group   = $name
        People  = $people.Count
        Active  = $active
        Told    = $told.Count + $sent.Count
        Waiting = $waiting.Count - $sent.Count
        Says    = if ($access.Outcome -eq 'Planned') { 'Would be assigned.' }
        elseif ($access.Outcome -eq 'Assigned') { 'Assigned now: Okta adds them to Dropbox within the hour.' }
        elseif ($isDone) { 'Done.' }
        elseif ($sent) { "Told $($sent.Count) now." }
        elseif ($waiting) { "$($arrived.Count) of $($told.Count) who were told have signed on; the others are told at $Percent percent." }
        else { "$active of $($people.Count) are active; the next group begins at $Percent percent." }
    }
    if (-not $isDone) { break }
}
