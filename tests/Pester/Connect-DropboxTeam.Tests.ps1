# Signing in to the Dropbox team, over a port of the loopback.

BeforeAll {
    Import-Module ([IO.Path]::Combine($PSScriptRoot, '..', '..', 'DropboxOktaProvisioning.psd1'))
    . $PSScriptRoot/SandboxHost.ps1
    $service = Start-SandboxHost --users, 60
    $there = @{ ServiceUri = $service['dropbox'] }
}

AfterAll {
    Stop-SandboxHost $service
}

Describe 'Connect-DropboxTeam' {
    AfterEach {
        Disconnect-DropboxTeam
    }

    It 'takes a refresh token, and shows it nowhere' {
        $team = Connect-DropboxTeam $service['dropbox-app-key'] (ConvertTo-Secret $service['dropbox-refresh-token']) @there
        $team.SignIn | Should -Be 'RefreshToken'
        $team.TeamId | Should -BeLike 'dbtid:*'
        ($team | ConvertTo-Json -Depth 3), ($team | Format-List * | Out-String) | Should -Not -Match ([regex]::Escape($service['dropbox-refresh-token']))
    }

    It 'takes an access token from a script block' {
        (Connect-DropboxTeam -AccessToken { $service['dropbox-access-token'] } @there).SignIn | Should -Be 'AccessToken'
    }

    It 'signs in with a browser, and hands the refresh token out once' {
        $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
        $listener.Start()
        $port = $listener.LocalEndpoint.Port
        $listener.Stop()
        $browser = { param($Address) $null = [Net.Http.HttpClient]::new().GetStringAsync($Address).GetAwaiter().GetResult() }
        $team = Connect-DropboxTeam $service['dropbox-app-key'] -SignIn -RedirectPort $port -Browser $browser @there
        $token = $team.TakeRefreshToken()
        $token | Should -BeOfType [securestring]
        { $team.TakeRefreshToken() } | Should -Throw
        (Connect-DropboxTeam $service['dropbox-app-key'] $token @there).TeamId | Should -Be $team.TeamId
    }

    It 'is an error for <What>' -ForEach @(
        @{ What = 'a refresh token that Dropbox refuses'; Id = 'RefreshTokenRefused'; Choice = { Connect-DropboxTeam $service['dropbox-app-key'] (ConvertTo-Secret 'wrong') @there } }
        @{ What = 'an access token that Dropbox refuses'; Id = 'TokenRefused'; Choice = { Connect-DropboxTeam -AccessToken (ConvertTo-Secret 'wrong') @there } }
        @{ What = 'a key without a token'; Id = 'InvalidToken'; Choice = { Connect-DropboxTeam key1 @there } }
        @{ What = 'two ways to show the address'; Id = 'ConflictingParameters'; Choice = { Connect-DropboxTeam key1 -SignIn -NoBrowser -Browser { } @there } }
    ) {
        { & $Choice } | Should -Throw -ErrorId "$Id,*"
        (Get-ProvisioningConnection | Where-Object Service -EQ Dropbox).IsConnected | Should -BeFalse
    }
}
