# The catalog's app is added to an org that has none.

BeforeAll {
    Import-Module ([IO.Path]::Combine($PSScriptRoot, '..', '..', 'DropboxOktaProvisioning.psd1'))
}

Describe 'New-DropboxBusinessApp' {
    AfterEach {
        Stop-ProvisioningSandbox
    }

    It 'adds the app with the switch on, and says what is left' {
        Start-ProvisioningSandbox -UserCount 60 -WithoutApp
        $app = New-DropboxBusinessApp -BackupPath $TestDrive -WarningAction SilentlyContinue
        $app.SilentProvisioning | Should -Be 'Enabled'
        $app.ManualSteps.Count | Should -BeGreaterThan 3
    }

    It 'adds nothing with -WhatIf, and no second one' {
        Start-ProvisioningSandbox -UserCount 60 -WithoutApp
        New-DropboxBusinessApp -WhatIf
        { Get-SilentProvisioning -ErrorAction Stop } | Should -Throw -ErrorId 'AppNotFound,*'
        New-DropboxBusinessApp -BackupPath $TestDrive -WarningAction SilentlyContinue
        { New-DropboxBusinessApp -ErrorAction Stop } | Should -Throw -ErrorId 'AppExists,*'
    }

    It 'stops with its consumer, and the app is there' {
        Start-ProvisioningSandbox -UserCount 60 -WithoutApp
        $app = New-DropboxBusinessApp -BackupPath $TestDrive -WarningAction SilentlyContinue | Select-Object -First 1
        (Get-SilentProvisioning).AppId | Should -Be $app.AppId
    }

    It 'says what to do where the catalog does not let it' {
        $sandbox = Start-ProvisioningSandbox -UserCount 60 -WithoutApp -PassThru
        $sandbox.CatalogHasDropbox = $false
        { New-DropboxBusinessApp -BackupPath $TestDrive -ErrorAction Stop } | Should -Throw -ErrorId 'AppNotAdded,*'
    }
}
