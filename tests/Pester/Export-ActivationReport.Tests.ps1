# The report of how far the roll-out is.

BeforeAll {
    Import-Module ([IO.Path]::Combine($PSScriptRoot, '..', '..', 'DropboxOktaProvisioning.psd1'))
}

Describe 'Export-ActivationReport' {
    BeforeAll {
        $sandbox = Start-ProvisioningSandbox -UserCount 100 -PassThru
        $everyone = @(Test-DropboxUserStatus)
    }

    AfterAll {
        Stop-ProvisioningSandbox
    }

    It 'writes one page, and what is to do as CSV' {
        $files = @(Export-ActivationReport "$TestDrive/report" -ActionPlanPath "$TestDrive/plan.csv")
        $files.Name | Should -Be 'report.html', 'plan.csv'
        Get-Content "$TestDrive/report.html" -Raw | Should -Match "default-src 'none'|default-src &#x27;none&#x27;"
        @(Import-Csv "$TestDrive/plan.csv") | Should -HaveCount @($everyone | Where-Object NextAction -NE None).Count
    }

    It 'leaves a file that is there as it is' {
        Set-Content "$TestDrive/mine.html" 'mine'
        { Export-ActivationReport "$TestDrive/mine.html" } | Should -Throw -ErrorId 'ReportExists,*'
        Get-Content "$TestDrive/mine.html" | Should -Be 'mine'
        Export-ActivationReport "$TestDrive/mine.html" -Force
        Get-Content "$TestDrive/mine.html" -Raw | Should -BeLike '<!DOCTYPE html>*'
    }

    It 'is only a plan with -WhatIf' {
        Export-ActivationReport "$TestDrive/planned.html" -WhatIf | Should -BeNullOrEmpty
        Test-Path "$TestDrive/planned.html" | Should -BeFalse
    }

    It 'writes rows as JSON that reads back' {
        $null = $everyone | Export-ActivationReport "$TestDrive/rows" -AsJson -SkipReadiness
        $report = Get-Content "$TestDrive/rows.json" -Raw | ConvertFrom-Json
        $report.People | Should -HaveCount $everyone.Count
        $report.Progress.Active | Should -Be @($everyone | Where-Object { $_.Stage -eq 'Active' -and $_.AssignmentStatus }).Count
    }

    It 'brings the last reading up to date' {
        $null = Export-ActivationReport "$TestDrive/whole" -SkipReadiness -Refresh Incremental
        $told = Export-ActivationReport "$TestDrive/refreshed" -SkipReadiness -Refresh Incremental -InformationAction SilentlyContinue -InformationVariable information
        $told.Name | Should -Be 'refreshed.html'
        $information | Should -BeLike '*brought up to date*'
    }

    It 'writes the first file only where the consumer leaves after it' {
        @(Export-ActivationReport "$TestDrive/early" -ActionPlanPath "$TestDrive/late.csv" | Select-Object -First 1) | Should -HaveCount 1
        Test-Path "$TestDrive/late.csv" | Should -BeFalse
    }
}
