# Who would get what, as an object and a file, and just that done.

BeforeAll {
    Import-Module ([IO.Path]::Combine($PSScriptRoot, '..', '..', 'DropboxOktaProvisioning.psd1'))
}

Describe 'New-ProvisioningPlan' {
    BeforeEach {
        $sandbox = Start-ProvisioningSandbox -UserCount 60 -PassThru
        $file = Join-Path $TestDrive "$([guid]::NewGuid()).json"
    }

    AfterEach {
        Stop-ProvisioningSandbox
    }

    It 'says who would get what, and changes nothing' {
        $plan = New-ProvisioningPlan $file
        $rows = @(Test-DropboxUserStatus)
        $plan.People | Should -HaveCount $rows.Count
        $plan.Planned | Should -Be @($rows | Where-Object Stage -EQ AwaitingActivation).Count
        $plan.ByStage.Active | Should -Be @($rows | Where-Object Stage -EQ Active).Count
        $plan.Samples | Should -HaveCount 3
        $plan.Samples[0].Text | Should -Match 'https://www.dropbox.com/sso'
        $plan.Hash | Should -Match '^[0-9a-f]{64}$'
        $plan.Path | Should -Be $file
        (Get-Content $file -Raw | ConvertFrom-Json).hash | Should -Be $plan.Hash
        $sandbox.Outbox.Count | Should -Be 0
        (Get-SilentProvisioning).SilentProvisioning | Should -Be 'Disabled'
    }

    It 'writes no file with -WhatIf, and none over another without -Force' {
        (New-ProvisioningPlan $file -WhatIf).Planned | Should -BeGreaterThan 0
        $file | Should -Not -Exist
        $first = New-ProvisioningPlan $file
        { New-ProvisioningPlan $file -ErrorAction Stop } | Should -Throw -ErrorId 'PlanExists,*'
        (New-ProvisioningPlan $file -Force).Hash | Should -Not -Be $first.Hash
    }

    It 'is done just as it is, by its file and its hash' {
        $plan = New-ProvisioningPlan $file -FirstWave 3
        $result = Invoke-SilentProvisioning -Plan $file -PlanHash $plan.Hash -MaximumCount 1 -BackupPath (Join-Path $TestDrive b)
        $result.Sent, $result.Moved, $result.PlanHash | Should -Be 3, 0, $plan.Hash
        $sandbox.Outbox.To | Should -Be ($plan.People | Where-Object State -EQ Planned).Email
        (Invoke-SilentProvisioning -Plan $plan -BackupPath (Join-Path $TestDrive b)).ToldBefore | Should -Be 3
    }

    It 'reads everybody once, and only whom the logs name when it is done' {
        $sandbox.Advance('10.00:00')
        $plan = New-ProvisioningPlan -Refresh Incremental -KeepSwitch
        (Invoke-SilentProvisioning -Plan $plan -Refresh Incremental -BackupPath (Join-Path $TestDrive b) -InformationVariable information).Sent | Should -Be $plan.Planned
        $information -match 'brought up to date' | Should -HaveCount 1
    }

    It 'keeps how often and when people are told, and is done so without being asked again' {
        $plan = New-ProvisioningPlan $file -ReminderAfter 3, 7 -QuietHours 06:00-18:00 -SenderTimeZone UTC -Language de
        $plan.Manners.ReminderAfter | Should -Be 3, 7
        $plan.Manners.QuietHours, $plan.Manners.Language | Should -Be '06:00-18:00', 'de'
        (Get-Content $file -Raw | ConvertFrom-Json).plan.manners.quietHours | Should -Be '06:00-18:00'
        $result = Invoke-SilentProvisioning -Plan $file -BackupPath (Join-Path $TestDrive b)
        $result.Waiting | Should -Be $plan.Waiting
        $result.Waiting | Should -BeGreaterThan 0
        $other = { Invoke-SilentProvisioning -Plan $file -QuietHours 20:00-06:00 } | Should -Throw -ErrorId 'ConflictingParameters,*' -PassThru
        $other.Exception.Message | Should -Match '-QuietHours is 20:00-06:00, and the plan .* says 06:00-18:00'
    }

    It 'is refused where the file was changed' {
        $null = New-ProvisioningPlan $file
        (Get-Content $file -Raw).Replace('"Skipped"', '"Planned"') | Set-Content $file
        { Invoke-SilentProvisioning -Plan $file } | Should -Throw -ErrorId 'PlanChanged,*'
        $sandbox.Outbox.Count | Should -Be 0
    }

    It 'is shown as a list that has all that is decided by' {
        $shown = New-ProvisioningPlan -Domain contoso.example | Out-String -Width 120
        foreach ($label in 'Scope', 'Silent', 'Stages', 'Planned', 'Manners', 'Samples', 'Hash') { $shown | Should -Match "(?m)^$label\s+: \S" }
    }

    It 'stops with its consumer' {
        (New-ProvisioningPlan | Select-Object -First 1).Planned | Should -BeGreaterThan 0
    }
}
