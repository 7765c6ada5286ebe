# Step 3: those who wait are told, each at most once.

BeforeAll {
    Import-Module ([IO.Path]::Combine($PSScriptRoot, '..', '..', 'DropboxOktaProvisioning.psd1'))
}

Describe 'Notices in a pickup folder' {
    BeforeEach {
        $sandbox = Start-ProvisioningSandbox -UserCount 60 -PassThru
        $people = @(Test-DropboxUserStatus)
        $waiting = @($people | Where-Object Stage -EQ AwaitingActivation)
        $folder = (New-Item -ItemType Directory -Path (Join-Path $TestDrive ([guid]::NewGuid()))).FullName
        $mail = @{
            From            = 'Contoso IT <it@contoso.example>'
            PickupDirectory = Join-Path $folder outbox
            Journal         = Join-Path $folder journal.db
        }
    }

    AfterEach {
        Stop-ProvisioningSandbox
    }

    It 'go to those who wait and to nobody else' {
        $notices = $people | Send-ActivationNotice @mail
        ($notices | Where-Object State -EQ Sent).Email | Sort-Object | Should -Be ($waiting.Email | Sort-Object)
        ($notices | Where-Object State -EQ Skipped) | Should -HaveCount ($people.Count - $waiting.Count)
        @(Get-ChildItem $mail.PickupDirectory -Filter *.eml) | Should -HaveCount $waiting.Count
    }

    It 'are mails to one person each, in text and HTML, with the address to sign on at' {
        $null = $waiting[0] | Send-ActivationNotice @mail
        $text = Get-Content (Get-ChildItem $mail.PickupDirectory -Filter *.eml) -Raw
        $text | Should -Match '(?m)^From: "?Contoso IT"? <it@contoso\.example>'
        $text | Should -Match "(?m)^To: .*<$([regex]::Escape($waiting[0].Email))>"
        $text | Should -Match 'Content-Type: text/plain'
        $text | Should -Match 'Content-Type: text/html'
        $text | Should -Match ([regex]::Escape('https://www.dropbox.com/sso'))
    }

    It 'are sent to nobody twice' {
        $first = $people | Send-ActivationNotice @mail
        $second = $people | Send-ActivationNotice @mail
        $first | Where-Object State -EQ Sent | Should -Not -BeNullOrEmpty
        $second.State | Sort-Object -Unique | Should -Be 'Skipped'
        @(Get-ChildItem $mail.PickupDirectory -Filter *.eml) | Should -HaveCount $waiting.Count
    }

    It 'are sent to nobody twice by parallel runs either' {
        $module = [IO.Path]::Combine($PSScriptRoot, '..', '..', 'DropboxOktaProvisioning.psd1')
        $notices = 1..3 | ForEach-Object -ThrottleLimit 3 -Parallel {
            Import-Module $using:module
            $options = $using:mail
            $using:people | Send-ActivationNotice @options -DropboxTeam ($using:sandbox).DropboxTeam
        }
        ($notices | Where-Object State -EQ Sent).Email | Sort-Object | Should -Be ($waiting.Email | Sort-Object)
        @(Get-ChildItem $mail.PickupDirectory -Filter *.eml) | Should -HaveCount $waiting.Count
    }

    It 'are listed by -WhatIf, and nothing is written' {
        $planned = $people | Send-ActivationNotice @mail -WhatIf | Where-Object State -EQ Planned
        $planned.Email | Sort-Object | Should -Be ($waiting.Email | Sort-Object)
        $planned | Where-Object { -not $_.Subject } | Should -BeNullOrEmpty
        Get-ChildItem $folder -Force | Should -BeNullOrEmpty
    }

    It 'are not sent above -MaximumCount: nobody is told' {
        $held = $people | Send-ActivationNotice @mail -MaximumCount ($waiting.Count - 1) -Force -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems.FullyQualifiedErrorId | Should -BeLike 'TooManyNotices,*'
        $held.State | Sort-Object -Unique | Should -Be 'Skipped'
        $held | Where-Object Reason -Like 'Held back: *' | Should -HaveCount $waiting.Count
        Get-ActivationNotice -Journal $mail.Journal | Should -BeNullOrEmpty
        Get-ChildItem $folder -Recurse -Filter *.eml | Should -BeNullOrEmpty

        ($people | Send-ActivationNotice @mail -MaximumCount $waiting.Count | Where-Object State -EQ Sent) | Should -HaveCount $waiting.Count
    }

    It 'stop when the pipeline wants no more' {
        $waiting.Count | Should -BeGreaterThan 2
        $first = $waiting | Send-ActivationNotice @mail | Select-Object -First 1
        $first.State | Should -Be 'Sent'
        @(Get-ChildItem $mail.PickupDirectory -Filter *.eml) | Should -HaveCount 1
        Get-ActivationNotice -Journal $mail.Journal | Where-Object State -NE Sent | Should -BeNullOrEmpty

        $rest = $waiting | Send-ActivationNotice @mail
        $rest | Where-Object State -EQ Sent | Should -HaveCount ($waiting.Count - 1)
    }

    It 'go to other stages when asked to' {
        $stage = 'NotProvisioned'
        $notices = $people | Send-ActivationNotice @mail -Stage $stage | Where-Object State -EQ Sent
        $notices.Email | Sort-Object | Should -Be (($people | Where-Object Stage -EQ $stage).Email | Sort-Object)
    }

    It 'need a <Missing>' -ForEach @(
        @{ Missing = 'valid sender'; Id = 'InvalidSender'; Change = @{ From = 'not an address' } }
        @{ Missing = 'template that is there'; Id = 'TemplateNotFound'; Change = @{ TemplatePath = 'TestDrive:/none' } }
        @{ Missing = 'Dropbox address to sign on at'; Id = 'InvalidSsoUrl'; Change = @{ SsoUrl = 'https://www.dropbox.com.example/sso' } }
        @{ Missing = 'limit that is one'; Id = 'InvalidSenderLimit'; Change = @{ SenderLimit = 'much' } }
        @{ Missing = 'rehearsal at an address'; Id = 'InvalidAddress'; Change = @{ RedirectTo = 'me' } }
        @{ Missing = 'webhook with https'; Id = 'InvalidWebhook'; Change = @{ WebhookUrl = { 'http://hooks.slack.com/x' } } }
        @{ Missing = 'token for Graph alone'; Id = 'ConflictingParameters'; Change = @{ GraphToken = { 'x' } } }
        @{ Missing = 'single way to leave'; Id = 'ConflictingParameters'; Change = @{ SmtpServer = 'mail.contoso.example' } }
    ) {
        foreach ($name in $Change.Keys) { $mail[$name] = $Change[$name] }
        { $people | Send-ActivationNotice @mail } | Should -Throw -ErrorId "$Id,*"
        Get-ActivationNotice -Journal $mail.Journal | Should -BeNullOrEmpty
    }
}

Describe 'Notices of a rehearsal' {
    BeforeEach {
        $sandbox = Start-ProvisioningSandbox -UserCount 60 -PassThru
        $waiting = @(Test-DropboxUserStatus | Where-Object Stage -EQ AwaitingActivation)
    }

    AfterEach {
        Stop-ProvisioningSandbox
    }

    It 'land in the sandbox''s outbox' {
        $null = $waiting | Send-ActivationNotice
        $sandbox.Outbox.Count | Should -Be $waiting.Count
        $sandbox.Outbox[0].Text | Should -Match 'https://www\.dropbox\.com/sso'
    }

    It 'go to one address with -RedirectTo, and count for nobody' {
        $mails = $waiting | Send-ActivationNotice -RedirectTo me@contoso.example -FirstWave 2 | Where-Object State -EQ Redirected
        $mails | Should -HaveCount 2
        $sandbox.Outbox.To | Sort-Object -Unique | Should -Be 'me@contoso.example'
        $sandbox.Outbox[0].Subject | Should -Match "^\[for $([regex]::Escape($mails[0].Email))\] "
        Get-ActivationNotice | Should -BeNullOrEmpty
        $waiting | Send-ActivationNotice | Where-Object State -EQ Sent | Should -HaveCount $waiting.Count
    }

    It 'take turns of senders, and leave what does not fit the day to a later run' {
        $notices = $waiting | Send-ActivationNotice -From a@contoso.example, b@contoso.example -SenderLimit 30/min, 2/day
        ($notices | Where-Object State -EQ Sent).Sender | Should -Be 'a@contoso.example', 'b@contoso.example', 'a@contoso.example', 'b@contoso.example'
        $notices | Where-Object State -EQ Failed | Should -BeNullOrEmpty
        ($notices | Where-Object State -EQ Skipped).Reason | Sort-Object -Unique | Should -Match '^It waits for a later run: each sender has its 2 mails'
    }

    It 'ask for no token with -WhatIf, and end before the first mail without one' {
        $script:asked = 0
        $null = $waiting | Send-ActivationNotice -GraphToken { $script:asked++ } -WhatIf
        $script:asked | Should -Be 0
        { $waiting | Send-ActivationNotice -GraphToken { } } | Should -Throw -ErrorId 'InvalidToken,*'
        Get-ActivationNotice | Should -BeNullOrEmpty
    }

    It 'stop after one mail when one is wanted' {
        $null = $waiting | Send-ActivationNotice | Select-Object -First 1
        $sandbox.Outbox.Count | Should -Be 1
    }

    It 'never go to people of another team' {
        $stranger = [DropboxOktaProvisioning.DropboxUserStatus]@{ Email = 'a@contoso.example'; Stage = 'AwaitingActivation'; TeamId = 'dbtid:real' }
        { $stranger | Send-ActivationNotice } | Should -Throw -ErrorId 'ConflictingParameters,*'
        $sandbox.Outbox.Count | Should -Be 0
    }
}

Describe 'Notices with manners' {
    BeforeEach {
        $sandbox = Start-ProvisioningSandbox -UserCount 60 -PassThru
        $waiting = @(Test-DropboxUserStatus | Where-Object Stage -EQ AwaitingActivation)
    }

    AfterEach {
        Stop-ProvisioningSandbox
    }

    It 'remind those who wait, once, and not those who have joined' {
        $null = $waiting | Send-ActivationNotice -ReminderAfter 3, 7
        $sandbox.SignOn($waiting[0].Email)
        $sandbox.Advance('3.00:00')
        $first = Test-DropboxUserStatus | Send-ActivationNotice -ReminderAfter 3, 7
        @($first | Where-Object { $_.Kind -eq 'Reminder' -and $_.State -eq 'Sent' }).Email | Should -Not -Contain $waiting[0].Email
        @($first | Where-Object { $_.Kind -eq 'Reminder' -and $_.State -eq 'Sent' }) | Should -HaveCount ($waiting.Count - 1)
        Test-DropboxUserStatus | Send-ActivationNotice -ReminderAfter 3, 7 | Where-Object State -EQ Sent | Should -BeNullOrEmpty
    }

    It 'wait for the morning, and -WhatIf says until when' {
        $night = @{ QuietHours = '18:00-08:00'; SenderTimeZone = 'UTC' }
        $planned = @($waiting | Send-ActivationNotice @night -WhatIf | Where-Object State -EQ Waiting)
        $planned | Should -Not -BeNullOrEmpty
        $planned.NotBefore | Should -Not -Contain $null
        Get-ActivationNotice | Should -BeNullOrEmpty
        $null = $waiting | Send-ActivationNotice @night
        @(Get-ActivationNotice -State Waiting) | Should -HaveCount $planned.Count
    }

    It 'leave nobody out of sight when a parameter is wrong' -ForEach @(
        @{ With = @{ ReminderAfter = 7, 3 }; Id = 'InvalidReminder,*' }
        @{ With = @{ QuietHours = 'night' }; Id = 'InvalidQuietHours,*' }
        @{ With = @{ SenderTimeZone = 'Nowhere' }; Id = 'InvalidTimeZone,*' }
        @{ With = @{ OptOutPath = 'none.csv' }; Id = 'FileNotFound,*' }
        @{ With = @{ EscalateToManager = $true }; Id = 'ConflictingParameters,*' }
    ) {
        { $waiting | Send-ActivationNotice @With -ErrorAction Stop } | Should -Throw -ErrorId $Id
        $sandbox.Outbox | Should -BeNullOrEmpty
    }

    It 'are shown as samples, one per kind and language' {
        $files = Send-ActivationNotice -Preview -PreviewPath $TestDrive/samples
        $files | Should -HaveCount 61
        $files[0].Name | Should -Be 'index.html'
        $sandbox.Outbox | Should -BeNullOrEmpty
    }
}
