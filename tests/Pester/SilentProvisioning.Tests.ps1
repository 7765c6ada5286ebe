# Step 1: the silent switch of the Dropbox app in Okta, read and set.

BeforeAll {
    Import-Module ([IO.Path]::Combine($PSScriptRoot, '..', '..', 'DropboxOktaProvisioning.psd1'))
}

Describe 'The silent switch' {
    BeforeEach {
        $sandbox = Start-ProvisioningSandbox -UserCount 60 -PassThru
        $backups = Join-Path $TestDrive ([guid]::NewGuid())
    }

    AfterEach {
        Stop-ProvisioningSandbox
    }

    It 'is off in a new org, and the app says why' {
        $app = Get-SilentProvisioning
        $app | Should -HaveCount 1
        $app.SilentProvisioning | Should -Be 'Disabled'
        $app.Reason | Should -Not -BeNullOrEmpty
        $app.Changed | Should -BeFalse
    }

    It 'is switched on once, and the app before it is kept' {
        $first = Enable-SilentProvisioning -BackupPath $backups
        $second = Enable-SilentProvisioning -BackupPath $backups

        $first.SilentProvisioning, $second.SilentProvisioning | Should -Be 'Enabled', 'Enabled'
        $first.Changed, $second.Changed | Should -Be $true, $false
        (Get-SilentProvisioning).SilentProvisioning | Should -Be 'Enabled'

        @(Get-ChildItem $backups -Filter *.json) | Should -HaveCount 1
        (Get-Content $first.BackupPath -Raw | ConvertFrom-Json).id | Should -Be $first.AppId
    }

    It 'is switched off again' {
        $null = Enable-SilentProvisioning -BackupPath $backups
        $off = Disable-SilentProvisioning -BackupPath $backups
        $off.SilentProvisioning | Should -Be 'Disabled'
        $off.Changed | Should -BeTrue
        (Get-SilentProvisioning).SilentProvisioning | Should -Be 'Disabled'
    }

    It 'stays as it is with -WhatIf' {
        $planned = Enable-SilentProvisioning -BackupPath $backups -WhatIf
        $planned.Changed | Should -BeFalse
        (Get-SilentProvisioning).SilentProvisioning | Should -Be 'Disabled'
        $backups | Should -Not -Exist

        $null = Enable-SilentProvisioning -BackupPath $backups
        $null = Disable-SilentProvisioning -BackupPath $backups -WhatIf
        (Get-SilentProvisioning).SilentProvisioning | Should -Be 'Enabled'
    }

    It 'takes the app from the pipeline' {
        $app = Get-SilentProvisioning | Enable-SilentProvisioning -BackupPath $backups
        $app.Changed | Should -BeTrue
    }

    It 'takes a folder on any drive for the backups' {
        $app = Enable-SilentProvisioning -BackupPath TestDrive:/on-a-drive
        $app.BackupPath | Should -Exist
        'TestDrive:/on-a-drive' | Should -Exist
    }

    It 'decides whether Dropbox mails the people who are added' {
        $loud, $silent = (Test-DropboxUserStatus -Domain contoso.example | Where-Object Stage -EQ NotAssigned).Email
        $sandbox.Assign($loud)
        $sandbox.Advance('01:00:00')
        $null = Enable-SilentProvisioning -BackupPath $backups
        $sandbox.Assign(@($silent)[0])
        $sandbox.Advance('01:00:00')

        $sandbox.WelcomeMails | Should -Contain $loud
        $sandbox.WelcomeMails | Should -Not -Contain @($silent)[0]
        ($loud, @($silent)[0] | Test-DropboxUserStatus).Stage | Should -Be 'AwaitingActivation', 'AwaitingActivation'
    }

    It 'is not looked for in an app that is not there' {
        { Get-SilentProvisioning -App 0oaNotThere } | Should -Throw -ErrorId 'AppNotFound,*'
        { Enable-SilentProvisioning -App 0oaNotThere -BackupPath $backups } | Should -Throw -ErrorId 'AppNotFound,*'
    }

    It 'is not written to a setting that the app does not have' {
        { Enable-SilentProvisioning -SettingName noSuchSetting -BackupPath $backups } | Should -Throw -ErrorId 'SettingNotFound,*'
        (Get-SilentProvisioning).SilentProvisioning | Should -Be 'Disabled'
    }
}
