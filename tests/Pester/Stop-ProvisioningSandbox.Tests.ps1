# A rehearsal ends, and what was connected before it is connected again.

BeforeAll {
    Import-Module ([IO.Path]::Combine($PSScriptRoot, '..', '..', 'DropboxOktaProvisioning.psd1'))
}

Describe 'Stop-ProvisioningSandbox' {
    It 'leaves nothing connected that was not before' {
        Start-ProvisioningSandbox -UserCount 60
        Stop-ProvisioningSandbox
        (Get-ProvisioningConnection).IsConnected | Should -Be $false, $false
        { Test-DropboxUserStatus } | Should -Throw -ErrorId 'NotConnected,*'
    }

    It 'takes the sandbox from the pipeline, and its connections are closed for good' {
        $sandbox = Start-ProvisioningSandbox -UserCount 60 -PassThru
        $sandbox | Stop-ProvisioningSandbox
        { Get-SilentProvisioning -OktaOrg $sandbox.OktaOrg } | Should -Throw -ErrorId 'ConnectionClosed,*'
    }

    It 'is an error where none runs' {
        { Stop-ProvisioningSandbox } | Should -Throw -ErrorId 'SandboxNotRunning,*'
    }
}
