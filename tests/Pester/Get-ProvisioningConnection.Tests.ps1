# Both sides: who is connected, and what the connection lacks.

BeforeAll {
    Import-Module ([IO.Path]::Combine($PSScriptRoot, '..', '..', 'DropboxOktaProvisioning.psd1'))
}

Describe 'Get-ProvisioningConnection' {
    It 'says how to connect where nothing is' {
        $rows = Get-ProvisioningConnection
        $rows.Service | Should -Be 'Okta', 'Dropbox'
        $rows.IsConnected | Should -Be $false, $false
        $rows.Remedy | Should -BeLike '*Connect-*'
    }

    It 'shows both sides of the sandbox, and asks neither' {
        Start-ProvisioningSandbox -UserCount 60
        try {
            $rows = Get-ProvisioningConnection
            $rows.IsConnected | Should -Be $true, $true
            $rows[1].Scopes | Should -Contain 'members.read'
            $rows[1].Lacking | Should -BeNullOrEmpty
            (Get-ProvisioningConnection).RequestCount | Should -Be $rows.RequestCount
        }
        finally {
            Stop-ProvisioningSandbox
        }
    }
}
