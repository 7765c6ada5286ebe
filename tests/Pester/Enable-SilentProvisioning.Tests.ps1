# Step 1: the silent switch of the Dropbox app in Okta is set.

BeforeAll {
    Import-Module ([IO.Path]::Combine($PSScriptRoot, '..', '..', 'DropboxOktaProvisioning.psd1'))
}

Describe 'Enable-SilentProvisioning' {
    BeforeEach {
        $sandbox = Start-ProvisioningSandbox -UserCount 60 -PassThru
        $backups = Join-Path $TestDrive ([guid]::NewGuid())
    }

    AfterEach {
        Stop-ProvisioningSandbox
    }

    It 'sets the switch once, and keeps the app as it was' {
        $first = Enable-SilentProvisioning -BackupPath $backups
        $second = Enable-SilentProvisioning -BackupPath $backups

        $first.SilentProvisioning, $second.SilentProvisioning | Should -Be 'Enabled', 'Enabled'
        $first.Changed, $second.Changed | Should -Be $true, $false
        (Get-SilentProvisioning).SilentProvisioning | Should -Be 'Enabled'

        @(Get-ChildItem $backups -Filter *.json) | Should -HaveCount 1
        (Get-Content $first.BackupPath -Raw | ConvertFrom-Json).id | Should -Be $first.AppId
    }

    It 'leaves it as it is with -WhatIf' {
        $planned = Enable-SilentProvisioning -BackupPath $backups -WhatIf
        $planned.Changed | Should -BeFalse
        (Get-SilentProvisioning).SilentProvisioning | Should -Be 'Disabled'
        $backups | Should -Not -Exist
    }

    It 'stops with its consumer, and the switch is set' {
        $null = Enable-SilentProvisioning -BackupPath $backups | Select-Object -First 1
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

    It 'is an error for <What>' -ForEach @(
        @{ What = 'an app that is not there'; Id = 'AppNotFound'; Choice = @{ App = '0oaNotThere' } }
        @{ What = 'a setting that the app does not have'; Id = 'SettingNotFound'; Choice = @{ SettingName = 'noSuchSetting' } }
    ) {
        { Enable-SilentProvisioning @Choice -BackupPath $backups } | Should -Throw -ErrorId "$Id,*"
        (Get-SilentProvisioning).SilentProvisioning | Should -Be 'Disabled'
    }

    It 'changes nothing where the app cannot be kept as it was' {
        Set-Content TestDrive:/taken 'a file'
        { Enable-SilentProvisioning -BackupPath TestDrive:/taken } | Should -Throw -ErrorId 'BackupFailed,*'
        (Get-SilentProvisioning).SilentProvisioning | Should -Be 'Disabled'
    }
}
