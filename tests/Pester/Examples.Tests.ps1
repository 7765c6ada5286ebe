# The scripts that ship, run as an admin would: in a shell of their own, with the sandbox behind a port in place of the services.

BeforeAll {
    $root = [IO.Path]::GetFullPath([IO.Path]::Combine($PSScriptRoot, '..', '..'))
    $examples = [IO.Path]::Combine($root, 'module', 'examples')
    . $PSScriptRoot/SandboxHost.ps1
    $service = Start-SandboxHost --users, 60

    # The module by its name, as where it is installed; and Dropbox at the sandbox's address, which no variable tells.
    $modules = Join-Path $TestDrive modules
    $null = New-Item -ItemType Directory $modules/DropboxOktaProvisioning
    Set-Content $modules/DropboxOktaProvisioning/DropboxOktaProvisioning.psm1 @"
Import-Module '$root/DropboxOktaProvisioning.psd1' -Global
`$global:PSDefaultParameterValues['Connect-DropboxTeam:ServiceUri'] = '$($service['dropbox'])'
"@
    $environment = @{
        PSModulePath                  = $modules + [IO.Path]::PathSeparator + $env:PSModulePath
        OKTA_CLIENT_ORGURL            = $service['okta']
        OKTA_CLIENT_AUTHORIZATIONMODE = 'PrivateKey'
        OKTA_CLIENT_CLIENTID          = $service['okta-client-id']
        OKTA_CLIENT_PRIVATEKEY        = $service['okta-private-key']
        OKTA_CLIENT_SCOPES            = 'okta.apps.manage okta.users.read okta.groups.read'
        DROPBOX_APP_KEY               = $service['dropbox-app-key']
        DROPBOX_REFRESH_TOKEN         = $service['dropbox-refresh-token']
        LOCALAPPDATA                  = "$TestDrive"
        XDG_DATA_HOME                 = "$TestDrive"
        NO_COLOR                      = '1'
    }
    $secrets = $service['okta-private-key'], $service['dropbox-refresh-token'], $service['okta-token'], $service['dropbox-access-token']

    # Runs a program by its whole command line, as a scheduler does. Output, errors and exit code in one object.
    function Invoke-Program([string] $Program, [string] $Arguments, [hashtable] $Change = @{}) {
        $start = [Diagnostics.ProcessStartInfo]::new((Get-Command $Program).Source, $Arguments)
        $start.RedirectStandardOutput = $start.RedirectStandardError = $true
        $start.WorkingDirectory = "$TestDrive"
        foreach ($set in $environment, $Change) { foreach ($name in $set.Keys) { $start.Environment[$name] = $set[$name] } }
        $process = [Diagnostics.Process]::Start($start)
        $errors = $process.StandardError.ReadToEndAsync()
        $output = $process.StandardOutput.ReadToEnd()
        $process.WaitForExit()
        $secrets | ForEach-Object { $output + $errors.Result | Should -Not -Match ([regex]::Escape($_)) }
        [pscustomobject]@{ ExitCode = $process.ExitCode; Output = $output; Errors = $errors.Result }
    }

    function Get-Mail([string] $Folder) {
        Get-ChildItem $Folder -Filter *.eml -ErrorAction Ignore
    }

    # Stands before the command for the script that is run: the people as they are, but one of them with an address that no mail server takes.
    function New-Failure([string] $Email) {
        $command = Get-Command Test-DropboxUserStatus -CommandType Cmdlet
        {
            & $command @args | ForEach-Object {
                if ($_.Email -ne $Email) { return $_ }
                $broken = @{}
                foreach ($name in 'OktaUserId', 'TeamMemberId', 'Stage', 'NextAction', 'TeamId', 'AssignmentStatus', 'FirstNotice', 'LastNotice') { $broken[$name] = $_.$name }
                [DropboxOktaProvisioning.DropboxUserStatus]($broken + @{ Email = 'no-address' })
            }
        }.GetNewClosure()
    }
}

AfterAll {
    Stop-SandboxHost $service
}

Describe 'QuickStart.ps1' {
    It 'runs twice in a shell of its own, and the second run mails nobody again' {
        $script = [IO.Path]::Combine($root, 'module', 'examples', 'QuickStart.ps1')
        $path = Join-Path $TestDrive quickstart
        $first = & pwsh -NoProfile -File $script -UserCount 60 -Path $path | Out-String
        $LASTEXITCODE | Should -Be 0 -Because $first
        $mails = @(Get-ChildItem (Join-Path $path outbox) -Filter *.eml).Count
        $mails | Should -BeGreaterThan 0
        $first | Should -Match '\d+  Sent'

        $second = & pwsh -NoProfile -File $script -UserCount 60 -Path $path | Out-String
        $LASTEXITCODE | Should -Be 0 -Because $second
        @(Get-ChildItem (Join-Path $path outbox) -Filter *.eml).Count | Should -Be $mails
        $second | Should -Not -Match '\d+  Sent'
    }
}

Describe 'UnattendedRun.ps1' {
    BeforeEach {
        $folder = Join-Path $TestDrive ([guid]::NewGuid())
        $null = New-Item -ItemType Directory $folder
        $line = "-NoProfile -NonInteractive -File `"$examples/UnattendedRun.ps1`" -From it@contoso.example -PickupDirectory `"$folder/out`" -Journal `"$folder/notices.db`""
    }

    It 'shows the plan with -WhatIf, tells those who wait, and nobody twice' {
        $plan = Invoke-Program pwsh "$line -Group Engineering -WhatIf"
        $plan.ExitCode | Should -Be 0 -Because $plan.Errors
        Get-Mail $folder/out | Should -BeNullOrEmpty

        $first = Invoke-Program pwsh "$line -Group Engineering -LogFolder `"$folder/logs`""
        $first.ExitCode | Should -Be 0 -Because $first.Errors
        $mails = @(Get-Mail $folder/out)
        $mails | Should -Not -BeNullOrEmpty
        $first.Output | Should -Match 'Sent +: \d'

        (Invoke-Program pwsh "$line -Group Engineering -LogFolder `"$folder/logs`"").ExitCode | Should -Be 0
        @(Get-Mail $folder/out) | Should -HaveCount $mails.Count

        $logs = @(Get-ChildItem $folder/logs -Filter run-*.log)
        $logs | Should -HaveCount 2
        Get-Content $logs -Raw | Should -Match '\d+ notices: '
        $secrets | ForEach-Object { Get-Content $logs -Raw | Should -Not -Match ([regex]::Escape($_)) }
    }

    It 'keeps sixty transcripts' {
        $null = New-Item -ItemType Directory $folder/logs
        1..70 | ForEach-Object { Set-Content ('{0}/logs/run-20260101-000000-{1:000}.log' -f $folder, $_) 'old' }
        $null = Invoke-Program pwsh "$line -Group Engineering -WhatIf -LogFolder `"$folder/logs`""
        Get-ChildItem $folder/logs | Should -HaveCount 60
        "$folder/logs/run-20260101-000000-070.log" | Should -Exist
    }

    It 'ends with 1 where something is left to look at' {
        $first = Invoke-Program pwsh "$line -Group Engineering, `"No such group`""
        $first.ExitCode | Should -Be 2 -Because 'a list is one name for -File'
        $run = Invoke-Program pwsh "-NoProfile -NonInteractive -Command `"& '$examples/UnattendedRun.ps1' -Group 'Engineering', 'No such group' -From it@contoso.example -PickupDirectory '$folder/out' -Journal '$folder/notices.db'; exit `$LASTEXITCODE`""
        $run.ExitCode | Should -Be 1
        $run.Output | Should -Match 'GroupNotFound'
        Get-Mail $folder/out | Should -Not -BeNullOrEmpty
    }

    It 'ends with <ExitCode>, and says what to do, where <What>' -ForEach @(
        @{ What = 'Dropbox refuses the token'; ExitCode = 2; Change = @{ DROPBOX_REFRESH_TOKEN = 'wrong' }; More = ''; Says = 'refresh token' }
        @{ What = 'more would be told than may be'; ExitCode = 1; Change = @{}; More = '-MaximumCount 0'; Says = '-MaximumCount' }
    ) {
        $run = Invoke-Program pwsh "$line -Group Engineering $More" $Change
        $run.ExitCode | Should -Be $ExitCode
        $run.Errors | Should -Match $Says
        Get-Mail $folder/out | Should -BeNullOrEmpty
    }

    It 'takes its secrets from a vault' {
        $vault = "function Get-Secret(`$Name) { @{ 'okta-private-key' = `$env:TEST_KEY; 'dropbox-refresh-token' = `$env:TEST_TOKEN }[`$Name] | ConvertTo-SecureString -AsPlainText -Force }"
        $run = Invoke-Program pwsh "-NoProfile -NonInteractive -Command `"$vault; & '$examples/UnattendedRun.ps1' -Group Engineering -From it@contoso.example -PickupDirectory '$folder/out' -Journal '$folder/notices.db' -FromVault; exit `$LASTEXITCODE`"" @{
            OKTA_CLIENT_PRIVATEKEY = $null; DROPBOX_REFRESH_TOKEN = $null
            TEST_KEY = $service['okta-private-key']; TEST_TOKEN = $service['dropbox-refresh-token']
        }
        $run.ExitCode | Should -Be 0 -Because $run.Errors
        Get-Mail $folder/out | Should -Not -BeNullOrEmpty
    }
}

Describe 'WindowsScheduledTask.ps1' {
    BeforeAll {
        # Stand-ins for the module ScheduledTasks, which only Windows has: they keep what they are given.
        foreach ($kind in 'Action', 'Trigger', 'Principal', 'SettingsSet') {
            Set-Item "function:New-ScheduledTask$kind" { $made = @{}; for ($i = 0; $i -lt $args.Count; $i += 2) { $made[$args[$i].Trim('-', ':')] = $args[$i + 1] }; $made }
        }
        function New-ScheduledTaskSettingsSet([string] $MultipleInstances, [timespan] $ExecutionTimeLimit, [switch] $StartWhenAvailable) { $PSBoundParameters }
        function New-ScheduledTaskTrigger([switch] $Weekly, [string[]] $DaysOfWeek, [datetime] $At) { $PSBoundParameters }
        function Register-ScheduledTask($TaskName, $Description, $Action, $Trigger, $Principal, $Settings, [switch] $Force) { $registered.Add($PSBoundParameters) }
        $registered = [Collections.Generic.List[object]]::new()
        $folder = Join-Path $TestDrive 'task folder'
        $choice = @{ Account = 'CONTOSO\dropbox$'; Group = 'Engineering', "It's another"; From = 'Contoso IT <it@contoso.example>'; SmtpServer = 'mail.contoso.example'; Folder = $folder }
    }

    It 'registers nothing with -WhatIf' {
        & $examples/WindowsScheduledTask.ps1 @choice -WhatIf
        $registered.Count | Should -Be 0
        $folder | Should -Not -Exist
    }

    It 'registers a task whose action runs the workflow' {
        & $examples/WindowsScheduledTask.ps1 @choice
        $task = $registered[0]
        $task.Principal.UserId | Should -Be 'CONTOSO\dropbox$'
        $task.Principal.RunLevel | Should -Be 'Limited'
        $task.Settings.MultipleInstances | Should -Be 'IgnoreNew'
        $task.Trigger.DaysOfWeek | Should -HaveCount 5

        # The sandbox has a pickup folder in place of the mail server, and the environment in place of the vault.
        $arguments = $task.Action.Argument -replace '-SmtpServer ''mail.contoso.example''', "-PickupDirectory '$folder/out'" -replace ' -FromVault', ''
        $run = Invoke-Program $task.Action.Execute $arguments
        $run.ExitCode | Should -Be 1 -Because 'one of the groups is not there'
        $run.Output | Should -Match "It's another"
        Get-Mail $folder/out | Should -Not -BeNullOrEmpty
        "$folder/notices.db" | Should -Exist
        Get-ChildItem $folder/logs -Filter run-*.log | Should -HaveCount 1
    }

    It 'refuses a quotation mark' {
        { & $examples/WindowsScheduledTask.ps1 -Account a -Group 'a"b' -From it@contoso.example -SmtpServer m } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }
}

Describe 'dropbox-activation.service and .timer' {
    It 'are units that systemd takes' -Skip:(-not (Get-Command systemd-analyze -ErrorAction Ignore)) {
        $units = Join-Path $TestDrive units
        $null = New-Item -ItemType Directory $units
        Copy-Item $examples/dropbox-activation.* $units
        # The pwsh that is there, since systemd looks whether the program is.
        $service = Get-Content $units/dropbox-activation.service -Raw
        Set-Content $units/dropbox-activation.service $service.Replace('/usr/bin/pwsh', (Get-Command pwsh).Source)
        $said = & systemd-analyze verify $units/dropbox-activation.service $units/dropbox-activation.timer 2>&1 | Where-Object { $_ -match 'dropbox-activation' }
        $said | Should -BeNullOrEmpty
    }

    It 'start a script that tells those who wait' {
        $started = (Get-Content $examples/dropbox-activation.service | Where-Object { $_ -like 'ExecStart=*' }) -replace '^ExecStart='
        $program, $arguments = $started -split ' ', 2
        $program | Should -Be '/usr/bin/pwsh'
        $arguments = $arguments -replace '/opt/dropbox-activation', $examples -replace '/var/lib/dropbox-activation', "$TestDrive" -replace '"Dropbox users"', 'Engineering' -replace '-SmtpServer \S+', "-PickupDirectory $TestDrive/systemd"
        $run = Invoke-Program pwsh $arguments
        $run.ExitCode | Should -Be 0 -Because $run.Errors
        Get-Mail $TestDrive/systemd | Should -Not -BeNullOrEmpty
    }
}

Describe 'AzureAutomationRunbook.ps1' {
    BeforeEach {
        $folder = Join-Path $TestDrive ([guid]::NewGuid())
        $null = New-Item -ItemType Directory $folder
        # The assets of the account, and a runbook that is run like any script; the sandbox has a pickup folder in place of the mail server.
        Set-Content $folder/run.ps1 @"
function Get-AutomationVariable([string] `$Name) {
    switch (`$Name) {
        'OktaDomain' { '$($service['okta'])' }
        'OktaClientId' { '$($service['okta-client-id'])' }
        'OktaPrivateKey' { `$env:OKTA_CLIENT_PRIVATEKEY }
        'DropboxAppKey' { '$($service['dropbox-app-key'])' }
        'DropboxRefreshToken' { `$env:DROPBOX_REFRESH_TOKEN }
        'Journal' { '$folder/notices.db' }
        'JournalPassword' { 'not-real-journal' }
        'MailPassword' { 'not-real-mail' }
        default { throw "There is no variable `$Name." }
    }
}
& '$folder/runbook.ps1' @args
"PGPASSWORD is '`$env:PGPASSWORD'"
"@
        (Get-Content $examples/AzureAutomationRunbook.ps1 -Raw) -replace 'SmtpServer  = \$SmtpServer', "PickupDirectory = '$folder/out'" -replace '(?m)^ +Credential .*\n' |
            Set-Content $folder/runbook.ps1
    }

    It 'tells those who wait, leaves no secret behind, and fails where somebody is left' {
        $run = Invoke-Program pwsh "-NoProfile -NonInteractive -File `"$folder/run.ps1`" -Group Engineering -From it@contoso.example -SmtpServer mail.contoso.example"
        $run.ExitCode | Should -Be 0 -Because $run.Errors
        $run.Output | Should -Match 'Sent +: [1-9]'
        $run.Output | Should -Match "PGPASSWORD is ''"
        Get-Mail $folder/out | Should -Not -BeNullOrEmpty

        $failed = Invoke-Program pwsh "-NoProfile -NonInteractive -File `"$folder/run.ps1`" -Group Nobody -From it@contoso.example -SmtpServer mail.contoso.example"
        $failed.ExitCode | Should -Be 1
        $failed.Errors | Should -Match 'left to look at'
    }

    It 'signs in to the mail server only when it sends' {
        (Get-Content $examples/AzureAutomationRunbook.ps1 -Raw) | Set-Content $folder/runbook.ps1
        $run = Invoke-Program pwsh "-NoProfile -NonInteractive -Command `"& '$folder/run.ps1' -Group Engineering -From it@contoso.example -SmtpServer mail.contoso.example -WhatIf `$true`""
        $run.ExitCode | Should -Be 0 -Because $run.Errors
        $run.Output | Should -Match 'Planned +: [1-9]'
        $run.Output + $run.Errors | Should -Not -Match 'not-real-'
    }
}

Describe 'RollOutInWaves.ps1' {
    BeforeAll {
        $before = $env:PSModulePath
        $env:PSModulePath = $environment.PSModulePath
        Import-Module DropboxOktaProvisioning
    }

    AfterAll {
        $env:PSModulePath = $before
        Get-Module DropboxOktaProvisioning | Where-Object Path -Like "$modules*" | Remove-Module
    }

    BeforeEach {
        $sandbox = Start-ProvisioningSandbox -UserCount 200 -PassThru
        $folder = Join-Path $TestDrive ([guid]::NewGuid())
        $null = New-Item -ItemType Directory $folder
        $choice = @{
            Group           = 'Engineering', 'All Dropbox Users'
            From            = 'it@contoso.example'
            PickupDirectory = "$folder/out"
            Journal         = "$folder/notices.db"
            FirstWave       = 3
            WarningAction   = 'SilentlyContinue'
        }

        # A run a day. Those who were told sign on when they are asked to.
        function Invoke-Day([switch] $SignOn) {
            & $examples/RollOutInWaves.ps1 @choice
            if ($SignOn) { (Get-ActivationNotice -Journal $choice.Journal).Email | ForEach-Object { $sandbox.SignOn($_) } }
            $sandbox.Advance('1.00:00')
        }
    }

    AfterEach {
        Stop-ProvisioningSandbox
    }

    It 'tells nobody and assigns nothing with -WhatIf' {
        $row = & $examples/RollOutInWaves.ps1 @choice -WhatIf
        $row.Group, $row.Told, $row.Says | Should -Be 'Engineering', 0, 'Would be assigned.'
        Get-Mail $folder/out | Should -BeNullOrEmpty
        (Grant-DropboxAccess -Group Engineering -WhatIf).Outcome | Should -Be 'Planned'
    }

    It 'tells a first wave, waits for it, tells the others, and goes on to the next group' {
        $first = Invoke-Day
        $first.Group, $first.Told, $first.Says | Should -Be 'Engineering', 3, 'Assigned now: Okta adds them to Dropbox within the hour.'

        $waits = Invoke-Day -SignOn
        $waits.Told, $waits.Says | Should -Be 3, '0 of 3 who were told have signed on; the others are told at 80 percent.'

        $others = Invoke-Day
        $others.Told | Should -BeGreaterThan 3
        $others.Waiting | Should -Be 0
        $others.Says | Should -Be "Told $($others.Told - 3) now."
        (Invoke-Day -SignOn).Says | Should -BeLike '* are active; the next group begins at 80 percent.'

        $next = @(Invoke-Day -SignOn)
        $next.Group | Should -Be 'Engineering', 'All Dropbox Users'
        $next[0].Says | Should -Be 'Done.'
        $next[1].Told | Should -Be 3 -Because 'who is in an earlier group does not count again'

        foreach ($day in 1..6) { $last = @(Invoke-Day -SignOn) }
        $last.Says | Should -Be 'Done.', 'Done.'
        $mails = (Get-ActivationNotice -Journal $choice.Journal).Email
        $mails | Sort-Object -Unique | Should -HaveCount $mails.Count
        @(Get-Mail $folder/out) | Should -HaveCount $mails.Count
    }

    It 'tells the others where one person cannot be told, says who, and does not wait for that one' {
        $null = Invoke-Day
        $broken = @(Test-DropboxUserStatus -Group Engineering -Journal $choice.Journal | Where-Object { $_.Stage -eq 'AwaitingActivation' -and -not $_.LastNotice })[0]
        Set-Item function:Test-DropboxUserStatus (New-Failure $broken.Email)
        try {
            (Get-ActivationNotice -Journal $choice.Journal).Email | ForEach-Object { $sandbox.SignOn($_) }
            $others = Invoke-Day -SignOn 2>$null
            $others.Told | Should -BeGreaterThan 3
            $others.Waiting | Should -Be 1
            $last = $null
            foreach ($day in 1..2) { $last = @(Invoke-Day -SignOn 2>&1) }
            @($last | Where-Object { $_ -is [Management.Automation.ErrorRecord] }).FullyQualifiedErrorId | Select-Object -Unique | Should -BeLike 'NoticeFailed,*'
            @($last | Where-Object Group).Group | Should -Be 'Engineering', 'All Dropbox Users'
            @($last | Where-Object Group)[0].Says | Should -Be 'Done.'
        }
        finally {
            Remove-Item function:Test-DropboxUserStatus
        }
        (Get-ActivationNotice -Journal $choice.Journal -State Sent).Email | Should -Not -Contain $broken.Email
    }

    It 'passes over a group that nobody is in' {
        $choice.Group = 'Contractors', 'Engineering'
        $empty = Invoke-Day
        $empty.Group, $empty.People, $empty.Says | Should -Be 'Contractors', 0, 'Assigned now: Okta adds them to Dropbox within the hour.'
        $next = @(Invoke-Day)
        $next.Group | Should -Be 'Contractors', 'Engineering'
        $next[0].Says | Should -Be 'Done.'
        $next[1].Told | Should -Be 3
    }
}

Describe 'WeeklyReminder.ps1' {
    BeforeAll {
        $before = $env:PSModulePath
        $env:PSModulePath = $environment.PSModulePath
        Import-Module DropboxOktaProvisioning
    }

    AfterAll {
        $env:PSModulePath = $before
        Get-Module DropboxOktaProvisioning | Where-Object Path -Like "$modules*" | Remove-Module
    }

    BeforeEach {
        $sandbox = Start-ProvisioningSandbox -UserCount 200 -PassThru
        $folder = Join-Path $TestDrive ([guid]::NewGuid())
        $null = New-Item -ItemType Directory $folder/out, $folder/first
        $choice = @{ From = 'it@contoso.example'; Journal = "$folder/notices.db"; WarningAction = 'SilentlyContinue' }
        $first = @(Test-DropboxUserStatus -Group Engineering | Send-ActivationNotice @choice -PickupDirectory $folder/first | Where-Object State -EQ Sent)
        $choice += @{ Group = 'Engineering'; PickupDirectory = "$folder/out"; ReportTo = 'boss@contoso.example', 'lead@contoso.example' }
        $sandbox.Advance('7.03:00')
    }

    AfterEach {
        Stop-ProvisioningSandbox
    }

    It 'reminds those who still wait, once, and mails the report each time' {
        $sandbox.SignOn($first[0].Email)
        Set-Content $folder/none.csv 'Email', $first[1].Email
        foreach ($run in 1, 2) {
            & $examples/WeeklyReminder.ps1 @choice -OptOutPath $folder/none.csv
            $LASTEXITCODE | Should -Be 0
        }
        $mails = @(Get-Mail $folder/out | ForEach-Object { Get-Content $_ -Raw })
        $reports = @($mails | Where-Object { $_ -match 'To: .*boss@contoso\.example, lead@contoso\.example' })
        $reports | Should -HaveCount 2
        $reports[0] | Should -Match 'Subject: Dropbox: \d+ of \d+ have signed on'
        $reports[0] | Should -Match 'name=dropbox-activation\.html'

        $reminded = @(Get-ActivationNotice -Journal $choice.Journal -State Sent | Where-Object Kind -EQ Reminder)
        $reminded | Should -Not -BeNullOrEmpty
        $reminded.Email | Should -Not -Contain $first[0].Email -Because 'that person has signed on'
        $reminded.Email | Should -Not -Contain $first[1].Email -Because 'that person wants no notice'
        $reminded.Email | Should -BeIn $first.Email
        $mails.Count - $reports.Count | Should -Be $reminded.Count
    }

    It 'ends with 1 where one person cannot be reminded, and reminds the others and mails the report all the same' {
        Set-Item function:Test-DropboxUserStatus (New-Failure $first[0].Email)
        try {
            $lines = & $examples/WeeklyReminder.ps1 @choice -ErrorVariable problems 2>$null
        }
        finally {
            Remove-Item function:Test-DropboxUserStatus
        }
        $LASTEXITCODE | Should -Be 1
        $problems.FullyQualifiedErrorId | Should -Contain 'NoticeFailed,DropboxOktaProvisioning.Commands.SendActivationNoticeCommand'
        $lines -join "`n" | Should -Match '1  Reminder, Failed'
        $reminded = @(Get-ActivationNotice -Journal $choice.Journal -State Sent | Where-Object Kind -EQ Reminder).Email
        $reminded | Should -BeIn @($first | Select-Object -Skip 1).Email
        @(Get-Mail $folder/out | Where-Object { (Get-Content $_ -Raw) -match 'Subject: Dropbox: \d+ of \d+ have signed on' }) | Should -HaveCount 1
    }

    It 'mails no report of a group that nobody is in' {
        $choice.Group = 'Contractors'
        & $examples/WeeklyReminder.ps1 @choice | Should -BeNullOrEmpty
        $LASTEXITCODE | Should -Be 0
        Get-Mail $folder/out | Should -BeNullOrEmpty
    }

    It 'mails nobody with -WhatIf, and leaves no report behind' {
        & $examples/WeeklyReminder.ps1 @choice -WhatIf
        $LASTEXITCODE | Should -Be 0
        Get-Mail $folder/out | Should -BeNullOrEmpty
        [IO.Directory]::GetDirectories([IO.Path]::GetTempPath(), 'dropbox-report-*') | Should -BeNullOrEmpty
    }

    It 'ends with 2, and mails nobody, where it cannot go on' {
        & $examples/WeeklyReminder.ps1 @choice -OptOutPath $folder/missing.csv -ErrorVariable problem 2>$null
        $LASTEXITCODE | Should -Be 2
        $problem.FullyQualifiedErrorId | Should -BeLike 'FileNotFound,*'
        Get-Mail $folder/out | Should -BeNullOrEmpty
    }
}
