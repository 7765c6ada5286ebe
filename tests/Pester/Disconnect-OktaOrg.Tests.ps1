# The connection to Okta is forgotten, here only.

BeforeAll {
    Import-Module ([IO.Path]::Combine($PSScriptRoot, '..', '..', 'DropboxOktaProvisioning.psd1'))
}

Describe 'Disconnect-OktaOrg' {
    BeforeEach {
        $sandbox = Start-ProvisioningSandbox -UserCount 60 -PassThru
    }

    AfterEach {
        Stop-ProvisioningSandbox
    }

    It 'forgets the default, and the other side stays' {
        Disconnect-OktaOrg
        { Get-SilentProvisioning } | Should -Throw -ErrorId 'NotConnected,*'
        (Get-ProvisioningConnection | Where-Object Service -NE Okta).IsConnected | Should -BeTrue
    }

    It 'takes the connection from the pipeline' {
        $sandbox.OktaOrg | Disconnect-OktaOrg
        (Get-ProvisioningConnection | Where-Object Service -EQ Okta).IsConnected | Should -BeFalse
        { Get-SilentProvisioning -OktaOrg $sandbox.OktaOrg } | Should -Throw -ErrorId 'ConnectionClosed,*'
    }

    It 'is no error a second time' {
        Disconnect-OktaOrg
        Disconnect-OktaOrg -ErrorAction Stop
    }
}
