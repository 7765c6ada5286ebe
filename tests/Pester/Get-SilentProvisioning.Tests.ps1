# Step 1: the silent switch of the Dropbox app in Okta is read.

BeforeAll {
    Import-Module ([IO.Path]::Combine($PSScriptRoot, '..', '..', 'DropboxOktaProvisioning.psd1'))
}

Describe 'Get-SilentProvisioning' {
    BeforeEach {
        $sandbox = Start-ProvisioningSandbox -UserCount 60 -PassThru
    }

    AfterEach {
        Stop-ProvisioningSandbox
    }

    It 'shows the switch off in a new org, and says by what' {
        $app = Get-SilentProvisioning
        $app | Should -HaveCount 1
        $app.SilentProvisioning | Should -Be 'Disabled'
        $app.Reason | Should -Not -BeNullOrEmpty
        $app.Changed | Should -BeFalse
    }

    It 'finds the app by <By>' -ForEach @(
        @{ By = 'its label'; Property = 'Label' }
        @{ By = 'its id'; Property = 'AppId' }
    ) {
        $app = Get-SilentProvisioning
        (Get-SilentProvisioning -App $app.$Property).AppId | Should -Be $app.AppId
        (Get-SilentProvisioning -App $app).AppId | Should -Be $app.AppId
    }

    It 'is an error for an app that is not there, with what to do' {
        { Get-SilentProvisioning -App 0oaNotThere } | Should -Throw -ErrorId 'AppNotFound,*'
        $Error[0].TargetObject | Should -Be '0oaNotThere'
        $Error[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }
}
