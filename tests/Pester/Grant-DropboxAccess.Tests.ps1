# The app is assigned to people and groups, and nobody is ever unassigned.

BeforeAll {
    Import-Module ([IO.Path]::Combine($PSScriptRoot, '..', '..', 'DropboxOktaProvisioning.psd1'))
}

Describe 'Grant-DropboxAccess' {
    BeforeEach {
        Start-ProvisioningSandbox -UserCount 200
        $waiting = Test-DropboxUserStatus -Group 'All Dropbox Users' | Where-Object Stage -EQ NotAssigned
    }

    AfterEach {
        Stop-ProvisioningSandbox
    }

    It 'assigns people from the pipeline, once' {
        ($waiting | Grant-DropboxAccess).Outcome | Should -Be (@('Assigned') * @($waiting).Count)
        ($waiting | Grant-DropboxAccess).Outcome | Should -Be (@('AlreadyAssigned') * @($waiting).Count)
    }

    It 'plans with -WhatIf' {
        ($waiting | Grant-DropboxAccess -WhatIf).Outcome | Should -Be (@('Planned') * @($waiting).Count)
        ($waiting | Grant-DropboxAccess -WhatIf).Outcome | Should -Not -Contain 'AlreadyAssigned'
    }

    It 'goes on after a name that nobody has' {
        $rows = 'nobody@contoso.example', $waiting[0].Email | Grant-DropboxAccess -ErrorVariable missing -ErrorAction SilentlyContinue
        $missing.FullyQualifiedErrorId | Should -BeLike 'PersonNotFound,*'
        $rows.Outcome | Should -Be 'Assigned'
    }

    It 'stops when the pipeline has enough' {
        $waiting | Grant-DropboxAccess | Select-Object -First 1
        ($waiting | Grant-DropboxAccess -WhatIf).Outcome | Should -Contain 'Planned'
    }
}
