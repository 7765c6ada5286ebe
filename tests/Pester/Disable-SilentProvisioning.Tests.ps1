# The silent switch of the Dropbox app in Okta is taken back.

BeforeAll {
    Import-Module ([IO.Path]::Combine($PSScriptRoot, '..', '..', 'DropboxOktaProvisioning.psd1'))
}

Describe 'Disable-SilentProvisioning' {
    BeforeEach {
        $sandbox = Start-ProvisioningSandbox -UserCount 60 -PassThru
        $backups = Join-Path $TestDrive ([guid]::NewGuid())
        $null = Enable-SilentProvisioning -BackupPath $backups
    }

    AfterEach {
        Stop-ProvisioningSandbox
    }

    It 'takes the switch back once' {
        $off, $again = 1..2 | ForEach-Object { Disable-SilentProvisioning -BackupPath $backups }
        $off.SilentProvisioning, $again.SilentProvisioning | Should -Be 'Disabled', 'Disabled'
        $off.Changed, $again.Changed | Should -Be $true, $false
        (Get-SilentProvisioning).SilentProvisioning | Should -Be 'Disabled'
    }

    It 'leaves it as it is with -WhatIf' {
        (Disable-SilentProvisioning -BackupPath $backups -WhatIf).Changed | Should -BeFalse
        (Get-SilentProvisioning).SilentProvisioning | Should -Be 'Enabled'
    }

    It 'stops with its consumer, and the switch is off' {
        $null = Get-SilentProvisioning | Disable-SilentProvisioning -BackupPath $backups | Select-Object -First 1
        (Get-SilentProvisioning).SilentProvisioning | Should -Be 'Disabled'
    }

    It 'is an error for an app that is not there' {
        { Disable-SilentProvisioning -App 0oaNotThere -BackupPath $backups } | Should -Throw -ErrorId 'AppNotFound,*'
    }
}
