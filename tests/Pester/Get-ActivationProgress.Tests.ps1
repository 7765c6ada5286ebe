# How far the roll-out is.

BeforeAll {
    Import-Module ([IO.Path]::Combine($PSScriptRoot, '..', '..', 'DropboxOktaProvisioning.psd1'))
}

Describe 'Get-ActivationProgress' {
    BeforeAll {
        $sandbox = Start-ProvisioningSandbox -UserCount 200 -PassThru
        $everyone = @(Test-DropboxUserStatus)
    }

    AfterAll {
        Stop-ProvisioningSandbox
    }

    It 'counts everybody who is assigned, in one row' {
        $progress = @(Get-ActivationProgress)
        $progress | Should -HaveCount 1
        $progress[0].Assigned | Should -Be @($everyone | Where-Object AssignmentStatus).Count
    }

    It 'leaves the attempts blank where no log was looked at' {
        ($everyone | Get-ActivationProgress).Tried | Should -BeNullOrEmpty
    }

    It 'has a row for each domain, which add up' {
        $domains = @($everyone | Get-ActivationProgress -By Domain)
        ($domains | Measure-Object Assigned -Sum).Sum | Should -Be ($everyone | Get-ActivationProgress).Assigned
    }

    It 'puts those together who were told in the same month' {
        $sent = @($everyone | Send-ActivationNotice | Where-Object State -EQ Sent)
        $months = @(Get-ActivationProgress -By NoticeMonth)
        $month = $months | Where-Object Group
        $month.Group | Should -Be $sent[0].SentOn.UtcDateTime.ToString('yyyy-MM', [cultureinfo]::InvariantCulture)
        $month.Told | Should -Be $month.Assigned
    }

    It 'begins with what changed since the look that is compared with' {
        $null = Get-ActivationProgress
        $sandbox.Advance('2.00:00:00')
        $sandbox.SignOn(@(Test-DropboxUserStatus | Where-Object Stage -EQ AwaitingActivation)[0].Email)
        $progress = Get-ActivationProgress -SkipObservation
        $progress.ActiveChange | Should -Be 1
        $progress.Change | Should -BeLike '+1 active*'
    }

    It 'counts by the groups that are assigned the app, and by named ones' {
        (Get-ActivationProgress -By Group -SkipObservation).Group | Should -Be 'Dropbox Pilot'
        (Get-ActivationProgress -Group Sales -SkipObservation).Group | Should -Be 'Sales'
        Get-ActivationProgress -Group 'No such group' -ErrorVariable missing -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $missing[0].FullyQualifiedErrorId | Should -BeLike 'GroupNotFound,*'
    }

    It 'brings the last reading up to date at little cost' {
        $sandbox.Advance('10.00:00')
        $first = Get-ActivationProgress -SkipObservation -Refresh Incremental
        $sandbox.Advance('2:00')
        $before = $sandbox.RequestCount
        (Get-ActivationProgress -SkipObservation -Refresh Incremental).Active | Should -Be $first.Active
        ($sandbox.RequestCount - $before) | Should -Be 4
        { $everyone | Get-ActivationProgress -Refresh Incremental } | Should -Throw -ErrorId 'ConflictingParameters,*'
    }

    It 'asks for nobody where the pipeline is empty' {
        @() | Get-ActivationProgress | Should -BeNullOrEmpty
    }
}
