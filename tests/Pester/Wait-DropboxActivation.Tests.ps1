# Who signs on, as it happens.

BeforeAll {
    Import-Module ([IO.Path]::Combine($PSScriptRoot, '..', '..', 'DropboxOktaProvisioning.psd1'))
}

Describe 'Wait-DropboxActivation' {
    BeforeEach {
        $sandbox = Start-ProvisioningSandbox -UserCount 200 -PassThru
        $waiting = @(Test-DropboxUserStatus | Where-Object Stage -EQ AwaitingActivation)
    }

    AfterEach {
        Stop-ProvisioningSandbox
    }

    It 'gives each person who signs on, and ends with the last' {
        $sandbox.SignOn($waiting[0].Email, '0:20')
        $sandbox.SignOn($waiting[1].Email, '1:20')
        $joined = @($waiting[0, 1] | Wait-DropboxActivation -ErrorAction Stop)
        $joined.Email | Should -Be $waiting[0, 1].Email
        $joined.Stage | Should -Be @('Active', 'Active')
    }

    It 'says in one error who is left when time is up' {
        $joined = @($waiting[0, 1] | Wait-DropboxActivation -Timeout 1:00 -ErrorVariable late -ErrorAction SilentlyContinue)
        $joined | Should -HaveCount 0
        $late[0].FullyQualifiedErrorId | Should -BeLike 'ActivationTimedOut,*'
        $late[0].TargetObject.Email | Should -Be $waiting[0, 1].Email
    }

    It 'refuses a bare number, which is not seconds' {
        { Wait-DropboxActivation -Timeout 60 } | Should -Throw -ErrorId 'ConflictingParameters,*'
    }

    It 'ends when the consumer has enough' {
        $sandbox.SignOn($waiting[0].Email, '0:20')
        @($waiting | Wait-DropboxActivation | Select-Object -First 1) | Should -HaveCount 1
        $sandbox.Now.Hour | Should -Be 9
    }
}
