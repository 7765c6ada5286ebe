<#
.SYNOPSIS
    Once a week: reminds those who still wait, and mails a report of how far the roll-out is.
.DESCRIPTION
    Whoever was told and has not signed on is reminded after 7 and after 14 days, in working hours of their own time zone; after the last reminder the manager is
    told too. Who is on the opt-out list is left alone. Then the report goes to the people who follow the roll-out: a summary as text, and one HTML file.
    The report names people; mail it only to those who may read that.

    What is connected already is used; else the environment says with what (OKTA_CLIENT_… and DROPBOX_…). The exit code is 0, 1 when something is left for you to look at,
    or 2 when the run came to an end before its time.
.EXAMPLE
    ./WeeklyReminder.ps1 -Group 'Dropbox users' -From it@contoso.example -ReportTo boss@contoso.example -SmtpServer smtp.contoso.example -Credential (Import-Clixml mail.xml) -Journal /srv/provisioning/notices.db
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    # The Okta groups of the roll-out.
    [Parameter(Mandatory)]
    [string[]] $Group,

    # The sender, of the reminders and of the report.
    [Parameter(Mandatory)]
    [string] $From,

    # Who gets the report.
    [Parameter(Mandatory)]
    [string[]] $ReportTo,

    # The mail server, which is spoken to with TLS.
    [string] $SmtpServer,

    # The user at the mail server, if it asks for one.
    [pscredential] $Credential,

    # A folder from which a mail server takes .eml files, in place of -SmtpServer.
    [string] $PickupDirectory,

    # The journal, by its whole path or as a PostgreSQL database.
    [Parameter(Mandatory)]
    [string] $Journal,

    # A CSV file of people who want no notice.
    [string] $OptOutPath
)

$ErrorActionPreference = 'Stop'
$exitCode = 2
$ours = @()
$folder = [IO.Directory]::CreateTempSubdirectory('dropbox-report-')
try {
    Import-Module DropboxOktaProvisioning
    $connected = @(Get-ProvisioningConnection | Where-Object IsConnected).Service
    if ('Okta' -notin $connected) { $ours += Connect-OktaOrg }
    if ('Dropbox' -notin $connected) { $ours += Connect-DropboxTeam }

    $mail = @{ From = $From; Journal = $Journal }
    if ($SmtpServer) { $mail.SmtpServer = $SmtpServer }
    if ($Credential) { $mail.Credential = $Credential }
    if ($PickupDirectory) { $mail.PickupDirectory = $PickupDirectory }
    $manners = @{ ReminderAfter = 7, 14; EscalateToManager = $true; QuietHours = '18:00-08:00'; WorkingDay = 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday' }
    if ($OptOutPath) { $manners.OptOutPath = $OptOutPath }

    # Only who has a notice is reminded; first notices are the work of another run.
    $people = @(Test-DropboxUserStatus -Group $Group -Journal $Journal)
    $notices = @($people | Where-Object LastNotice | Send-ActivationNotice @mail @manners -ErrorAction Continue -ErrorVariable problems)
    $lines = @($notices | Group-Object Kind, State | ForEach-Object { '{0,6}  {1}' -f $_.Count, $_.Name })

    if ($people -and $PSCmdlet.ShouldProcess($ReportTo -join ', ', 'Mail the report')) {
        # The people are looked at again: who was reminded just now shows as such.
        $people = Test-DropboxUserStatus -Group $Group -Journal $Journal
        $progress = $people | Get-ActivationProgress -Journal $Journal
        $report = $people | Export-ActivationReport (Join-Path $folder 'dropbox-activation.html') -Journal $Journal
        $message = [Net.Mail.MailMessage]::new()
        $message.From = $From
        $ReportTo | ForEach-Object { $message.To.Add($_) }
        $message.Subject = "Dropbox: $($progress.Active) of $($progress.Assigned) have signed on"
        $message.Body = (($progress | Format-List Assigned, Provisioned, Told, Active, MedianDays | Out-String).Trim(), 'This week:', ($lines -join "`n")) -join "`n`n"
        $message.Attachments.Add([Net.Mail.Attachment]::new($report.FullName, 'text/html'))
        $client = [Net.Mail.SmtpClient]::new()
        if ($PickupDirectory) {
            $client.DeliveryMethod = 'SpecifiedPickupDirectory'
            $client.PickupDirectoryLocation = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($PickupDirectory)
        }
        else {
            $client.Host, $client.Port, $client.EnableSsl = $SmtpServer, 587, $true
            if ($Credential) { $client.Credentials = $Credential.GetNetworkCredential() }
        }
        try { $client.Send($message) } finally { $message.Dispose(); $client.Dispose() }
    }

    $lines
    $exitCode = $problems -or ($notices | Where-Object State -In Failed, Unknown) ? 1 : 0
}
catch {
    Write-Error -ErrorRecord $_ -ErrorAction Continue
}
finally {
    # The report names people: it stays nowhere.
    $folder.Delete($true)
    $ours | ForEach-Object { if ($_ -is [DropboxOktaProvisioning.OktaOrg]) { Disconnect-OktaOrg $_ } else { Disconnect-DropboxTeam $_ } }
}
exit $exitCode
