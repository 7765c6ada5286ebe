# All three steps by one command.

BeforeAll {
    Import-Module ([IO.Path]::Combine($PSScriptRoot, '..', '..', 'DropboxOktaProvisioning.psd1'))
}

Describe 'Invoke-SilentProvisioning' {
    BeforeEach {
        $sandbox = Start-ProvisioningSandbox -UserCount 60 -PassThru
        $backups = Join-Path $TestDrive ([guid]::NewGuid())
    }

    AfterEach {
        Stop-ProvisioningSandbox
    }

    It 'does all of it, and a second run changes nothing and mails nobody' {
        $first = Invoke-SilentProvisioning -BackupPath $backups
        $mails = $sandbox.Outbox.Count
        $second = Invoke-SilentProvisioning -BackupPath $backups

        $first.App.Changed | Should -BeTrue
        $first.Sent | Should -BeGreaterThan 0
        $first.Sent | Should -Be $mails
        $first.Sent + $first.Skipped | Should -Be $first.People
        $first.Failed, $first.Unknown, $first.Planned | Should -Be 0, 0, 0

        $second.App.Changed | Should -BeFalse
        $second.Sent, $second.Failed, $second.Unknown, $second.Planned | Should -Be 0, 0, 0, 0
        $second.Skipped | Should -Be $first.People
        $sandbox.Outbox.Count | Should -Be $mails
    }

    It 'tells only those who came since' {
        $null = Invoke-SilentProvisioning -BackupPath $backups
        $mails = $sandbox.Outbox.Count
        $new = (Test-DropboxUserStatus -Domain contoso.example | Where-Object Stage -EQ NotAssigned)[0].Email
        $sandbox.Assign($new)
        $sandbox.Advance('01:00:00')

        (Invoke-SilentProvisioning -Domain contoso.example -BackupPath $backups).Failures | Should -BeNullOrEmpty
        $sandbox.Outbox.To | Select-Object -Skip $mails | Should -Contain $new
        $sandbox.Outbox.To | Sort-Object -Unique | Should -HaveCount $sandbox.Outbox.Count
        $sandbox.WelcomeMails | Should -Not -Contain $new
    }

    It 'shows the plan with -WhatIf and touches nothing' {
        $plan = Invoke-SilentProvisioning -BackupPath $backups -WhatIf
        $plan.Planned | Should -BeGreaterThan 0
        $plan.Sent | Should -Be 0
        $plan.App.Changed | Should -BeFalse
        (Get-SilentProvisioning).SilentProvisioning | Should -Be 'Disabled'
        $sandbox.Outbox.Count | Should -Be 0
        $backups | Should -Not -Exist
    }

    It 'mails one address in a rehearsal, and touches nothing else' {
        $rehearsal = Invoke-SilentProvisioning -BackupPath $backups -RedirectTo me@contoso.example -WarningAction SilentlyContinue
        $rehearsal.Redirected | Should -BeGreaterThan 0
        $rehearsal.Sent | Should -Be 0
        $rehearsal.App.Changed | Should -BeFalse
        Get-ActivationNotice | Should -BeNullOrEmpty
        (Invoke-SilentProvisioning -BackupPath $backups).Sent | Should -Be $rehearsal.Redirected
    }

    It 'counts people by stage, by name' {
        $result = Invoke-SilentProvisioning -BackupPath $backups
        $rows = @(Test-DropboxUserStatus)
        foreach ($stage in [enum]::GetNames([DropboxOktaProvisioning.ProvisioningStage])) {
            $result.ByStage.$stage | Should -Be @($rows | Where-Object Stage -EQ $stage).Count -Because $stage
        }
    }

    It 'can be written as JSON' {
        $result = Invoke-SilentProvisioning -BackupPath $backups
        $json = $result | ConvertTo-Json -Depth 4 -EnumsAsStrings | ConvertFrom-Json
        $json.Sent | Should -Be $result.Sent
        $json.ByStage.AwaitingActivation | Should -Be $result.ByStage['AwaitingActivation']
    }

    It 'shows the same dates in every culture, whatever its calendar' {
        $show = {
            $result, $rows, $notices, $sandbox | ForEach-Object { $_ | Out-String -Width 150 }
        }
        $result = Invoke-SilentProvisioning -BackupPath $backups
        $rows = Test-DropboxUserStatus
        $notices = Get-ActivationNotice
        $expected = & $show
        $culture = [cultureinfo]::CurrentCulture
        try {
            [cultureinfo]::CurrentCulture = 'th-TH'
            $shown = & $show
        }
        finally {
            [cultureinfo]::CurrentCulture = $culture
        }
        $shown -match ' 20\d\d-\d\d-\d\d ' | Should -HaveCount 4 -Because 'each of them has a date to show'
        $shown | Should -Be $expected
    }

    It 'takes people from the pipeline, and an empty one for nobody' {
        $asked = (Test-DropboxUserStatus | Where-Object Stage -EQ AwaitingActivation)[0, 1]
        $result = $asked | Invoke-SilentProvisioning -BackupPath $backups
        $result.People, $result.Sent | Should -Be 2, 2
        (@() | Invoke-SilentProvisioning -KeepSwitch).People | Should -Be 0
    }

    It 'names those whom nobody knows among its failures' {
        $result = Invoke-SilentProvisioning -Email nobody@contoso.example -KeepSwitch -ErrorVariable problems -ErrorAction SilentlyContinue
        $result.Failures.Email, $result.Failures.ErrorId | Should -Be 'nobody@contoso.example', 'PersonNotFound'
        $problems.FullyQualifiedErrorId | Should -BeLike 'PersonNotFound,*'
    }

    It 'refuses two scopes' {
        { Invoke-SilentProvisioning -Group Engineering -Domain contoso.example } | Should -Throw -ErrorId 'ConflictingParameters,*'
    }

    It 'stops with its consumer, and what it told stays told' {
        $result = Invoke-SilentProvisioning -BackupPath $backups | Select-Object -First 1
        $result.Sent | Should -Be $sandbox.Outbox.Count
        (Invoke-SilentProvisioning -BackupPath $backups).Sent | Should -Be 0
    }
}
