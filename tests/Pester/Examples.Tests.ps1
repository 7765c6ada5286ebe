# The scripts that ship, run as an admin would.

BeforeAll {
    $root = [IO.Path]::GetFullPath([IO.Path]::Combine($PSScriptRoot, '..', '..'))
}

Describe 'QuickStart.ps1' {
    It 'runs twice in a shell of its own, and the second run mails nobody again' {
        $script = [IO.Path]::Combine($root, 'module', 'examples', 'QuickStart.ps1')
        $path = Join-Path $TestDrive quickstart
        $first = & pwsh -NoProfile -File $script -UserCount 60 -Path $path | Out-String
        $LASTEXITCODE | Should -Be 0 -Because $first
        $mails = @(Get-ChildItem (Join-Path $path outbox) -Filter *.eml).Count
        $mails | Should -BeGreaterThan 0
        $first | Should -Match '\d+  Sent'

        $second = & pwsh -NoProfile -File $script -UserCount 60 -Path $path | Out-String
        $LASTEXITCODE | Should -Be 0 -Because $second
        @(Get-ChildItem (Join-Path $path outbox) -Filter *.eml).Count | Should -Be $mails
        $second | Should -Not -Match '\d+  Sent'
    }
}
