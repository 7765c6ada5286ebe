# Step 2: where each person stands, for every way to name the people.

BeforeAll {
    Import-Module ([IO.Path]::Combine($PSScriptRoot, '..', '..', 'DropboxOktaProvisioning.psd1'))

    function Get-Line($Rows) {
        $Rows | ForEach-Object { "$($_.Email) $($_.Stage)" }
    }
}

Describe 'Test-DropboxUserStatus' {
    BeforeAll {
        $sandbox = Start-ProvisioningSandbox -UserCount 200 -PassThru
        $everyone = @(Test-DropboxUserStatus)
        $some = $everyone[3..7]
    }

    AfterAll {
        Stop-ProvisioningSandbox
    }

    It 'without a scope is everybody, each once, with a reason' {
        $everyone.Count | Should -BeGreaterThan 100
        $everyone.Email | Sort-Object -Unique | Should -HaveCount $everyone.Count
        $everyone | Where-Object { -not $_.Reason } | Should -BeNullOrEmpty
    }

    It 'has somebody in every stage of the domain' {
        $stages = (Test-DropboxUserStatus -Domain contoso.example).Stage | Sort-Object -Unique
        $stages | Should -Be ([enum]::GetValues([DropboxOktaProvisioning.ProvisioningStage]))
    }

    It 'names the next action of those who wait' {
        $waiting = $everyone | Where-Object Stage -EQ AwaitingActivation
        $waiting | Should -Not -BeNullOrEmpty
        $waiting.NextAction | Sort-Object -Unique | Should -Be 'Notify'
        $waiting | Where-Object { $_.DaysWaiting -lt 0 } | Should -BeNullOrEmpty
    }

    It 'gives the same rows every time' {
        Get-Line (Test-DropboxUserStatus) | Should -Be (Get-Line $everyone)
    }

    It 'takes a group' {
        $group = @(Test-DropboxUserStatus -Group Engineering)
        $group.Count | Should -BeGreaterThan 0
        $group.Count | Should -BeLessThan $everyone.Count
    }

    It 'takes several domains and none beside them' {
        Test-DropboxUserStatus -Domain contoso.example, nobody.example | ForEach-Object { $_.Email.Split('@')[1] } |
            Sort-Object -Unique | Should -Be 'contoso.example'
        Test-DropboxUserStatus -Domain nobody.example | Should -BeNullOrEmpty
    }

    It 'takes people as <Form>' -ForEach @(
        @{ Form = 'a parameter'; Command = { Test-DropboxUserStatus $some.Email } }
        @{ Form = 'addresses from the pipeline'; Command = { $some.Email | Test-DropboxUserStatus } }
        @{ Form = 'rows from the pipeline'; Command = { $some | Test-DropboxUserStatus } }
        @{ Form = 'objects with a Login'; Command = { $some | ForEach-Object { [pscustomobject]@{ Login = $_.Email } } | Test-DropboxUserStatus } }
        @{ Form = 'rows of Import-Csv'; Command = {
                $some | Select-Object Name, Email | Export-Csv TestDrive:/rows.csv
                Import-Csv TestDrive:/rows.csv | Test-DropboxUserStatus
            }
        }
        @{ Form = 'a CSV file'; Command = {
                $some | Select-Object Name, Email | Export-Csv TestDrive:/people.csv
                Test-DropboxUserStatus -Path TestDrive:/people.csv
            }
        }
        @{ Form = 'a CSV file with semicolons, a BOM and a column of another name'; Command = {
                $some | Select-Object Name, @{ Name = 'Contact'; Expression = 'Email' } |
                    Export-Csv TestDrive:/semicolons.csv -Delimiter ';' -Encoding utf8BOM
                Test-DropboxUserStatus -Path TestDrive:/semicolons.csv -EmailColumn Contact
            }
        }
    ) {
        Get-Line (& $Command) | Should -Be (Get-Line $some)
    }

    It 'takes an empty pipeline for nobody' {
        @() | Test-DropboxUserStatus | Should -BeNullOrEmpty
    }

    It 'shows personal accounts that the admin knows of' {
        $before = $some[0].PersonalAccount
        $row = Test-DropboxUserStatus $some[0].Email -PersonalAccount $some[0].Email.ToUpperInvariant()
        $row.PersonalAccount | Should -BeGreaterThan $before
        $row.Evidence.Basis | Should -Contain 'AdminStatement'
    }

    It 'goes on past names that nobody has, with an error for each' {
        $names = $some[0].Email, 'nobody@contoso.example', 'no-address', $some[1].Email
        $rows = $names | Test-DropboxUserStatus -ErrorVariable problems -ErrorAction SilentlyContinue

        $rows.Email | Should -Be $some[0, 1].Email
        $problems.FullyQualifiedErrorId | ForEach-Object { $_.Split(',')[0] } | Sort-Object | Should -Be 'InvalidAddress', 'PersonNotFound'
        $problems.TargetObject | Sort-Object | Should -Be 'no-address', 'nobody@contoso.example'
    }

    It 'says once what to do, wherever the error is read' {
        $null = Test-DropboxUserStatus nobody@contoso.example -ErrorVariable problem -ErrorAction SilentlyContinue
        $action = $problem.Exception.RecommendedAction
        $action | Should -Not -BeNullOrEmpty
        # The view colours the message and wraps it at the console's width.
        $shown = ($problem | Out-String) -replace '\e\[[\d;]*m' -replace '\s*\n[\s|]*', ' '
        [regex]::Matches($shown, [regex]::Escape($action)).Count | Should -Be 1
    }

    It 'stops at the first of them with -ErrorAction Stop' {
        { Test-DropboxUserStatus nobody@contoso.example -ErrorAction Stop } | Should -Throw -ErrorId 'PersonNotFound,*'
    }

    It 'gives an error for <Scope>' -ForEach @(
        @{ Scope = 'a group that is not there'; Group = 'No such group'; Id = 'GroupNotFound' }
        @{ Scope = 'a group that is there twice'; Group = 'Marketing'; Id = 'GroupAmbiguous' }
    ) {
        $rows = Test-DropboxUserStatus -Group $Group, Engineering -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems.FullyQualifiedErrorId | Should -BeLike "$Id,*"
        $problems.TargetObject | Should -Be $Group
        Get-Line $rows | Should -Be (Get-Line (Test-DropboxUserStatus -Group Engineering))
    }

    It 'stops at <Scope>' -ForEach @(
        @{ Scope = 'an app that is not there'; Id = 'AppNotFound'; Command = { Test-DropboxUserStatus -App 'No such app' } }
        @{ Scope = 'a file that is not there'; Id = 'FileNotFound'; Command = { Test-DropboxUserStatus -Path TestDrive:/none.csv } }
        @{ Scope = 'a file without addresses'; Id = 'ColumnNotFound'; Command = {
                Set-Content TestDrive:/names.csv 'Name,Department', 'Pat,Sales'
                Test-DropboxUserStatus -Path TestDrive:/names.csv
            }
        }
    ) {
        { & $Command } | Should -Throw -ErrorId "$Id,*"
    }

    It 'can be written as CSV and as JSON' {
        $everyone | Export-Csv TestDrive:/everyone.csv
        Get-Line (Import-Csv TestDrive:/everyone.csv) | Should -Be (Get-Line $everyone)
        Get-Line ($everyone | ConvertTo-Json -Depth 4 -EnumsAsStrings | ConvertFrom-Json) | Should -Be (Get-Line $everyone)
    }

    It 'is readable at <Width> columns' -ForEach @(@{ Width = 120 }, @{ Width = 80 }) {
        $lines = ($some | Out-String -Width $Width).Trim().Split("`n").TrimEnd()
        $lines | Should -HaveCount ($some.Count + 2)
        $lines[0] | Should -Match '^Email +Stage '
        $lines | Where-Object Length -GT $Width | Should -BeNullOrEmpty
        $lines[2] | Should -Match "^$([regex]::Escape($some[0].Email)) +$($some[0].Stage)\b"
    }
}

Describe 'A list that breaks' {
    It 'gives one error and no rows' {
        $sandbox = Start-ProvisioningSandbox -UserCount 3000 -PassThru
        try {
            $sandbox.AddFault('ServerError', 'list/continue', 1, 100)
            $rows = [Collections.Generic.List[object]]::new()
            { Test-DropboxUserStatus | ForEach-Object { $rows.Add($_) } } | Should -Throw -ErrorId 'ServiceFailed,*'
            $rows.Count | Should -Be 0

            $sandbox.ClearFaults()
            Test-DropboxUserStatus | Should -Not -BeNullOrEmpty
        }
        finally {
            Stop-ProvisioningSandbox
        }
    }
}

Describe 'Test-DropboxUserStatus -Refresh' {
    BeforeAll {
        $sandbox = Start-ProvisioningSandbox -UserCount 200 -PassThru
        $sandbox.Advance('10.00:00')
        $null = Test-DropboxUserStatus -Refresh Incremental
        $sandbox.Advance('2:00')
    }

    AfterAll {
        Stop-ProvisioningSandbox
    }

    It 'costs four requests on a quiet day, and gives the same rows' {
        $before = $sandbox.RequestCount
        $rows = @(Test-DropboxUserStatus -Refresh Incremental)
        ($sandbox.RequestCount - $before) | Should -Be 4
        ($rows | Sort-Object Email).Reason | Should -Be (Test-DropboxUserStatus | Sort-Object Email).Reason
    }

    It 'refuses -FullReadAfter where nothing is kept' {
        { Test-DropboxUserStatus -FullReadAfter 7.00:00 } | Should -Throw -ErrorId 'ConflictingParameters,*'
    }
}
