# The connection to Dropbox is forgotten, here only.

BeforeAll {
    Import-Module ([IO.Path]::Combine($PSScriptRoot, '..', '..', 'DropboxOktaProvisioning.psd1'))
}

Describe 'Disconnect-DropboxTeam' {
    BeforeEach {
        $sandbox = Start-ProvisioningSandbox -UserCount 60 -PassThru
    }

    AfterEach {
        Stop-ProvisioningSandbox
    }

    It 'forgets the default, and the other side stays' {
        Disconnect-DropboxTeam
        { Get-DropboxPersonalAccount contoso.example } | Should -Throw -ErrorId 'NotConnected,*'
        (Get-ProvisioningConnection | Where-Object Service -NE Dropbox).IsConnected | Should -BeTrue
    }

    It 'takes the connection from the pipeline' {
        $sandbox.DropboxTeam | Disconnect-DropboxTeam
        (Get-ProvisioningConnection | Where-Object Service -EQ Dropbox).IsConnected | Should -BeFalse
        { Get-DropboxPersonalAccount contoso.example -DropboxTeam $sandbox.DropboxTeam } | Should -Throw -ErrorId 'ConnectionClosed,*'
    }

    It 'is no error a second time' {
        Disconnect-DropboxTeam
        Disconnect-DropboxTeam -ErrorAction Stop
    }
}
