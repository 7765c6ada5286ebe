# An org, a team and an outbox in memory, to rehearse in.

BeforeAll {
    Import-Module ([IO.Path]::Combine($PSScriptRoot, '..', '..', 'DropboxOktaProvisioning.psd1'))
}

Describe 'Start-ProvisioningSandbox' {
    AfterEach {
        if (Get-ProvisioningConnection | Where-Object IsConnected) { Stop-ProvisioningSandbox }
    }

    It 'connects both sides, and hands out nothing unless asked to' {
        Start-ProvisioningSandbox -UserCount 60 | Should -BeNullOrEmpty
        (Get-ProvisioningConnection).IsConnected | Should -Be $true, $true
    }

    It 'is the same world for the same seed' {
        $first, $same, $other = 7, 7, 8 | ForEach-Object {
            Start-ProvisioningSandbox -UserCount 60 -Seed $_
            (Test-DropboxUserStatus | ForEach-Object { "$($_.Email) $($_.Stage)" }) -join "`n"
        }
        $same | Should -Be $first
        $other | Should -Not -Be $first
    }

    It 'takes the company''s domain' {
        Start-ProvisioningSandbox -UserCount 60 -Domain fabrikam.example
        (Test-DropboxUserStatus).Email | Where-Object { $_ -like '*@fabrikam.example' } | Should -Not -BeNullOrEmpty
    }

    It 'takes no <Name> <Value>' -ForEach @(
        @{ Name = 'UserCount'; Value = 0 }
        @{ Name = 'Domain'; Value = 'not a domain' }
    ) {
        $choice = @{ $Name = $Value }
        { Start-ProvisioningSandbox @choice } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }

    It 'lets things go wrong, and the answer is whole or an error' {
        $sandbox = Start-ProvisioningSandbox -UserCount 2000 -PassThru
        $before = (Test-DropboxUserStatus).Count
        $sandbox.AddFault('429:0.2,500:0.1,reset:0.05,seed:7')
        (Test-DropboxUserStatus).Count | Should -Be $before
    }
}
