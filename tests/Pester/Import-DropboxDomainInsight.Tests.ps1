# A list of personal accounts, from the admin console or any CSV file.

BeforeAll {
    Import-Module ([IO.Path]::Combine($PSScriptRoot, '..', '..', 'DropboxOktaProvisioning.psd1'))
}

Describe 'Import-DropboxDomainInsight' {
    It 'takes the column of addresses, whatever it is called' {
        Set-Content TestDrive:/list.csv 'Address,Plan', 'kim@contoso.example,Basic', 'lou@contoso.example,Pro', 'max@other.example,Basic'
        $rows = @(Import-DropboxDomainInsight TestDrive:/list.csv -Domain contoso.example)
        $rows.Email | Should -Be 'kim@contoso.example', 'lou@contoso.example'
        $rows.Line | Should -Be 2, 3
    }

    It 'says which lines it could not use' {
        Set-Content TestDrive:/bad.csv 'Email', 'kim@contoso.example', 'broken'
        $rows = Import-DropboxDomainInsight TestDrive:/bad.csv -WarningVariable warning -WarningAction SilentlyContinue
        $rows | Should -HaveCount 1
        $warning | Should -BeLike '*line 3*'
    }

    It 'goes on after a file that <Is>' -ForEach @(
        @{ Is = 'is not there'; File = 'TestDrive:/none.csv'; Id = 'FileNotFound' }
        @{ Is = 'has no addresses'; File = 'TestDrive:/names.csv'; Id = 'ColumnNotFound' }
    ) {
        Set-Content TestDrive:/names.csv 'Name', 'Pat'
        Set-Content TestDrive:/good.csv 'Email', 'kim@contoso.example'
        $rows = $File, 'TestDrive:/good.csv' | Import-DropboxDomainInsight -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem.FullyQualifiedErrorId | Should -BeLike "$Id,*"
        $rows.Email | Should -Be 'kim@contoso.example'
    }

    It 'takes files of Get-ChildItem' {
        Set-Content TestDrive:/piped.csv 'Email', 'kim@contoso.example'
        (Get-Item TestDrive:/piped.csv | Import-DropboxDomainInsight).Email | Should -Be 'kim@contoso.example'
    }
}
