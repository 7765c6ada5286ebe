# What silent provisioning needs, and what it stops.

BeforeAll {
    Import-Module ([IO.Path]::Combine($PSScriptRoot, '..', '..', 'DropboxOktaProvisioning.psd1'))
}

Describe 'Test-SilentProvisioningReadiness' {
    BeforeEach {
        $sandbox = Start-ProvisioningSandbox -UserCount 100 -PassThru
    }

    AfterEach {
        Stop-ProvisioningSandbox
    }

    It 'has a row for each prerequisite, with evidence, and with a remedy where one is needed' {
        $rows = Test-DropboxUserStatus | Test-SilentProvisioningReadiness
        $rows.Count | Should -BeGreaterThan 12
        $rows.Evidence | Should -Not -BeNullOrEmpty
        $rows | Where-Object Outcome -ne Passed | ForEach-Object { $_.Remedy | Should -Not -BeNullOrEmpty }
    }

    It 'shows what changed at Dropbox, and stops the notices that would be a lie' {
        $sandbox.ChangeTeam('SsoOff')
        (Test-SilentProvisioningReadiness | Where-Object Name -eq SsoRequired).Outcome | Should -Be 'Failed'
        { Invoke-SilentProvisioning -ErrorAction Stop } | Should -Throw -ErrorId 'NotReady,*'
        $sandbox.Outbox | Should -BeNullOrEmpty
    }

    It 'keeps what an admin states' {
        $row = Test-SilentProvisioningReadiness -VerifiedDomain other.example -StatedBy kim@contoso.example | Where-Object Basis -eq AdminStatement
        $row.Actor | Should -Be 'kim@contoso.example'
        $row.Evidence | Should -BeLike '*other.example*'
    }
}
