# Signing in to Okta, over a port of the loopback.

BeforeAll {
    Import-Module ([IO.Path]::Combine($PSScriptRoot, '..', '..', 'DropboxOktaProvisioning.psd1'))
    . $PSScriptRoot/SandboxHost.ps1
    $service = Start-SandboxHost --users, 60
    $named = 'OKTA_CLIENT_ORGURL', 'OKTA_CLIENT_TOKEN'
    $before = $named | ForEach-Object { [Environment]::GetEnvironmentVariable($_) }
}

AfterAll {
    Stop-SandboxHost $service
    0..1 | ForEach-Object { [Environment]::SetEnvironmentVariable($named[$_], $before[$_]) }
}

Describe 'Connect-OktaOrg' {
    AfterEach {
        Disconnect-OktaOrg
    }

    It 'takes an API token, and shows it nowhere' {
        $org = Connect-OktaOrg $service['okta'] (ConvertTo-Secret $service['okta-token'])
        $org.SignIn | Should -Be 'ApiToken'
        ($org | ConvertTo-Json -Depth 3), ($org | Format-List * | Out-String) | Should -Not -Match ([regex]::Escape($service['okta-token']))
        Get-SilentProvisioning | Should -HaveCount 1
    }

    It 'takes a service app with its key from a script block' {
        $org = Connect-OktaOrg $service['okta'] -ClientId $service['okta-client-id'] -PrivateKey { $service['okta-private-key'] }
        $org.SignIn | Should -Be 'ServiceApp'
        $org.Scopes | Should -Contain 'okta.apps.read'
    }

    It 'takes the variables that Okta''s own tools read' {
        $env:OKTA_CLIENT_ORGURL, $env:OKTA_CLIENT_TOKEN = $service['okta'], $service['okta-token']
        (Connect-OktaOrg).Domain.AbsoluteUri | Should -BeLike "$($service['okta'])*"
        $env:OKTA_CLIENT_ORGURL, $env:OKTA_CLIENT_TOKEN = $null, $null
    }

    It 'is an error for <What>' -ForEach @(
        @{ What = 'a token that Okta refuses'; Id = 'TokenRefused'; Choice = { Connect-OktaOrg $service['okta'] (ConvertTo-Secret 'wrong') } }
        @{ What = 'an address without https'; Id = 'InvalidDomain'; Choice = { Connect-OktaOrg http://contoso.example (ConvertTo-Secret 'any') } }
        @{ What = 'a key that is none'; Id = 'KeyUnreadable'; Choice = { Connect-OktaOrg $service['okta'] -ClientId 0oa1 -PrivateKey (ConvertTo-Secret 'no key') } }
        @{ What = 'an address where nobody is'; Id = 'ServiceUnreachable'; Choice = { Connect-OktaOrg http://127.0.0.1:1 (ConvertTo-Secret 'any') } }
    ) {
        { & $Choice } | Should -Throw -ErrorId "$Id,*"
        (Get-ProvisioningConnection | Where-Object Service -EQ Okta).IsConnected | Should -BeFalse
    }
}
