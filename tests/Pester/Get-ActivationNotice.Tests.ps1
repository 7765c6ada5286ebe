# The journal: who was told, when, and what became of it.

BeforeAll {
    Import-Module ([IO.Path]::Combine($PSScriptRoot, '..', '..', 'DropboxOktaProvisioning.psd1'))
}

Describe 'Get-ActivationNotice' {
    BeforeEach {
        $sandbox = Start-ProvisioningSandbox -UserCount 60 -PassThru
        $waiting = @(Test-DropboxUserStatus | Where-Object Stage -EQ AwaitingActivation)
        $folder = (New-Item -ItemType Directory -Path (Join-Path $TestDrive ([guid]::NewGuid()))).FullName
        $journal = Join-Path $folder journal.db
        $sent = $waiting[0, 1] | Send-ActivationNotice -From it@contoso.example -PickupDirectory $folder -Journal $journal
    }

    AfterEach {
        Stop-ProvisioningSandbox
    }

    It 'lists who was told, and the status shows them too' {
        (Get-ActivationNotice -Journal $journal).MessageId | Sort-Object | Should -Be ($sent.MessageId | Sort-Object)
        $told = Test-DropboxUserStatus -Journal $journal | Where-Object LastNotice
        $told.Email | Sort-Object | Should -Be ($sent.Email | Sort-Object)
    }

    It 'takes people as addresses and as rows, and an empty pipeline for nobody' {
        (Get-ActivationNotice $sent[1].Email -Journal $journal).MessageId | Should -Be $sent[1].MessageId
        ($waiting[0] | Get-ActivationNotice -Journal $journal).Email | Should -Be $waiting[0].Email
        @() | Get-ActivationNotice -Journal $journal | Should -BeNullOrEmpty
        Get-ActivationNotice nobody@contoso.example -Journal $journal | Should -BeNullOrEmpty
    }

    It 'takes states and a time' {
        Get-ActivationNotice -Journal $journal -State Sent | Should -HaveCount 2
        Get-ActivationNotice -Journal $journal -State Unknown, Failed | Should -BeNullOrEmpty
        Get-ActivationNotice -Journal $journal -Since $sandbox.Now.AddMinutes(1) | Should -BeNullOrEmpty
    }

    It 'stops with its consumer' {
        Get-ActivationNotice -Journal $journal | Select-Object -First 1 | Should -HaveCount 1
    }

    It 'has nothing to tell of a journal that is not there, and makes none' {
        Get-ActivationNotice -Journal "$folder/none.db" | Should -BeNullOrEmpty
        "$folder/none.db" | Should -Not -Exist
    }

    It 'is an error for a file that is no journal' {
        Set-Content "$folder/text.db" ('this is a text' * 200)
        { Get-ActivationNotice -Journal "$folder/text.db" } | Should -Throw -ErrorId 'JournalCorrupt,*'
    }
}
