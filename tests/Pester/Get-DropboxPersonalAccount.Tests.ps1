# Who has a personal account on the company's domain, and how sure that is.

BeforeAll {
    Import-Module ([IO.Path]::Combine($PSScriptRoot, '..', '..', 'DropboxOktaProvisioning.psd1'))
}

Describe 'Get-DropboxPersonalAccount' {
    BeforeAll {
        $sandbox = Start-ProvisioningSandbox -UserCount 200 -PassThru
        $rows = @(Get-DropboxPersonalAccount contoso.example -Since $sandbox.Now.AddYears(-1))
    }

    AfterAll {
        Stop-ProvisioningSandbox
    }

    It 'has one row an address, each with its evidence' {
        $rows.Count | Should -BeGreaterThan 1
        $rows.Email | Sort-Object -Unique | Should -HaveCount $rows.Count
        $rows | Where-Object { -not $_.Evidence } | Should -BeNullOrEmpty
        $rows.Likelihood | Should -Contain 'Confirmed'
    }

    It 'takes a list for what it says, and addresses too' {
        'a@contoso.example', [pscustomobject]@{ Email = 'b@contoso.example' } | Get-DropboxPersonalAccount contoso.example |
            Where-Object Email -In a@contoso.example, b@contoso.example | Should -HaveCount 2
    }

    It 'goes on after what has no address' {
        $found = [datetime]::Now, 'a@contoso.example' | Get-DropboxPersonalAccount contoso.example -SkipLog -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem.FullyQualifiedErrorId | Should -BeLike 'InvalidAddress,*'
        $found.Email | Should -Contain 'a@contoso.example'
    }

    It 'leaves out other domains, and says so' {
        $found = 'a@other.example' | Get-DropboxPersonalAccount contoso.example -SkipLog -WarningVariable warning -WarningAction SilentlyContinue
        $found.Email | Should -Not -Contain 'a@other.example'
        $warning | Should -BeLike '1 of 1 *'
    }

    It 'gives people other words in the notice' {
        $sent = Test-DropboxUserStatus -PersonalAccount $rows | Send-ActivationNotice | Where-Object State -EQ Sent
        $sent | Where-Object PersonalAccount -NE None | Should -Not -BeNullOrEmpty
    }

    It 'refuses -WholeLog with -SkipLog' {
        { Get-DropboxPersonalAccount contoso.example -WholeLog -SkipLog } | Should -Throw -ErrorId 'ConflictingParameters,*'
    }
}
