# The module as an admin gets it: imported by its manifest, with the commands that it names and no others.

BeforeAll {
    $manifest = [IO.Path]::GetFullPath([IO.Path]::Combine($PSScriptRoot, '..', '..', 'DropboxOktaProvisioning.psd1'))
    Import-Module $manifest -Force
}

Describe 'The module' {
    It 'has a manifest that PowerShell accepts' {
        $data = Test-ModuleManifest $manifest -ErrorAction Stop
        $data.Name | Should -Be 'DropboxOktaProvisioning'
        $data.PowerShellVersion | Should -Be ([version] '7.4')
    }

    It 'exports exactly the commands that the manifest names' {
        $named = (Import-PowerShellDataFile $manifest).CmdletsToExport | Sort-Object
        $exported = (Get-Command -Module DropboxOktaProvisioning).Name | Sort-Object
        $named | Should -Not -BeNullOrEmpty
        $exported | Should -Be $named
    }

    It 'has a file of tests for each of them' {
        $files = (Get-ChildItem $PSScriptRoot -Filter *-*.Tests.ps1).Name
        (Get-Command -Module DropboxOktaProvisioning).Name | ForEach-Object { "$_.Tests.ps1" } | Sort-Object | Should -Be ($files | Sort-Object)
    }

    It 'exports no functions, aliases or variables' {
        $module = Get-Module DropboxOktaProvisioning
        $module.ExportedFunctions.Count | Should -Be 0
        $module.ExportedAliases.Count | Should -Be 0
        $module.ExportedVariables.Count | Should -Be 0
    }

    It 'warns of nothing when imported, as an unapproved verb would' {
        Import-Module $manifest -Force -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -BeNullOrEmpty
    }

    It 'keeps all its commands when imported again and again' {
        $count = (Get-Command -Module DropboxOktaProvisioning).Count
        Import-Module $manifest -Force
        Import-Module $manifest -Force
        (Get-Command -Module DropboxOktaProvisioning).Count | Should -Be $count
    }

    It 'keeps third-party assemblies out of the default load context' {
        Start-ProvisioningSandbox -UserCount 10
        try {
            Test-DropboxUserStatus | Send-ActivationNotice | Out-Null
        }
        finally {
            Stop-ProvisioningSandbox
        }
        $shared = [Runtime.Loader.AssemblyLoadContext]::Default.Assemblies.GetName().Name
        $shared | Should -Contain 'DropboxOktaProvisioning'
        $shared | Should -Not -Contain 'DropboxOktaProvisioning.Engine'
        $shared | Where-Object { $_ -match '^(Polly|MailKit|MimeKit|Fluid|CsvHelper|Microsoft\.Data\.Sqlite|Microsoft\.Extensions\.Http)' } |
            Should -BeNullOrEmpty
    }

    It 'completes <Line>' -ForEach @(
        @{ Line = 'Test-DropboxUserStatus -Gr'; Completed = '-Group' }
        @{ Line = 'Send-ActivationNotice -Stage Awa'; Completed = 'AwaitingActivation' }
        @{ Line = 'Get-ActivationNotice -State Unk'; Completed = 'Unknown' }
        @{ Line = 'Test-DropboxUserStatus | Where-Object Sta'; Completed = 'Stage' }
        @{ Line = '(Get-SilentProvisioning).Silent'; Completed = 'SilentProvisioning' }
    ) {
        $completion = [Management.Automation.CommandCompletion]::CompleteInput($Line, $Line.Length, $null)
        $completion.CompletionMatches.CompletionText | Should -Contain $Completed
    }
}

Describe 'Without a connection' {
    It '<Command> says so' -ForEach @(
        @{ Command = 'Get-SilentProvisioning' }
        @{ Command = 'Enable-SilentProvisioning' }
        @{ Command = 'Test-DropboxUserStatus' }
        @{ Command = 'Invoke-SilentProvisioning' }
    ) {
        { & $Command } | Should -Throw -ErrorId 'NotConnected,*'
    }
}

Describe 'An error' {
    It 'says what to do in Get-Error' {
        { Test-DropboxUserStatus -ErrorAction Stop } | Should -Throw -ErrorId 'NotConnected,*'
        Get-Error -Newest 1 | Out-String -Width 200 | Should -Match 'RecommendedAction : Run Connect-'
    }
}

Describe 'Get-Help' {
    It 'has examples for each command' {
        Get-Command -Module DropboxOktaProvisioning | ForEach-Object {
            @((Get-Help $_.Name -Examples).examples.example).Count | Should -BeGreaterThan 1 -Because $_.Name
        }
    }

    It 'has the topic <_>' -ForEach '', '_Connections', '_Stages', '_Errors', '_Throttling', '_Journal', '_Templates', '_Automation', '_ComingFromScripts' {
        Get-Help "about_DropboxOktaProvisioning$_" | Out-String | Should -Match 'SHORT DESCRIPTION'
    }
}

Describe 'Connections' {
    BeforeAll {
        $sandbox = Start-ProvisioningSandbox -UserCount 60 -PassThru
    }

    AfterAll {
        Stop-ProvisioningSandbox
    }

    It 'are handed to parallel runspaces by parameter' {
        $asked = (Test-DropboxUserStatus).Email | Select-Object -First 6
        $rows = $asked | ForEach-Object -ThrottleLimit 3 -Parallel {
            Import-Module $using:manifest
            Test-DropboxUserStatus -Email $_ -OktaOrg ($using:sandbox).OktaOrg -DropboxTeam ($using:sandbox).DropboxTeam
        }
        $rows.Email | Sort-Object | Should -Be ($asked | Sort-Object)
    }

    It 'are not defaults of other runspaces' {
        $problem = 1 | ForEach-Object -Parallel {
            Import-Module $using:manifest
            try { Test-DropboxUserStatus } catch { $_.FullyQualifiedErrorId }
        }
        $problem | Should -BeLike 'NotConnected,*'
    }

    It 'work in a background job, whose rows stay readable' {
        $job = Start-Job -ArgumentList $manifest {
            param($Manifest)
            Import-Module $Manifest
            Start-ProvisioningSandbox -UserCount 60
            Test-DropboxUserStatus
        }
        $rows = $job | Receive-Job -Wait -AutoRemoveJob
        $rows | ForEach-Object { "$($_.Email) $($_.Stage)" } |
            Should -Be (Test-DropboxUserStatus | ForEach-Object { "$($_.Email) $($_.Stage)" })
    }
}
