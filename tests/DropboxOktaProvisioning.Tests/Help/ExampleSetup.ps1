# What every example of module/help finds in its runspace; module/help/README.md tells of it. The test hands in $Folder, an empty one, $Service, what
# the sandbox host of another process printed, and $Code, the example.

$sandbox = Start-ProvisioningSandbox -UserCount 60 -PassThru
$ExecutionContext.SessionState.Path.SetLocation($Folder)
[IO.File]::WriteAllText("$Folder/people.csv", "Name,Email`nLeila,leila.silva@contoso.example`nBen,ben.ricci@contoso.example`n")
[IO.File]::WriteAllText("$Folder/unmanaged.csv", "Email,Account type`nnils.petrov@contoso.example,Basic`nfarid.meyer@contoso.example,Pro`n")
[IO.File]::WriteAllText("$Folder/okta-key.pem", $Service['okta-private-key'])

$domain = $Service['okta']
$clientId = $Service['okta-client-id']
$appKey = $Service['dropbox-app-key']
$PSDefaultParameterValues = @{ 'Connect-DropboxTeam:ServiceUri' = $Service['dropbox'] }
if ($Code -match '-SignIn') {
    $PSDefaultParameterValues['Connect-DropboxTeam:RedirectPort'] = $Service['free-port']
    # A script block as a default value is run for the value: hence two.
    $PSDefaultParameterValues['Connect-DropboxTeam:Browser'] = { { param($Address) $null = [Net.Http.HttpClient]::new().GetStringAsync($Address).GetAwaiter().GetResult() } }
}

$secrets = @{
    'okta-key'              = $Service['okta-private-key']
    'okta-token'            = $Service['okta-token']
    'dropbox-refresh-token' = $Service['dropbox-refresh-token']
    'Okta API token'        = $Service['okta-token']
    'Dropbox access token'  = $Service['dropbox-access-token']
}

function Get-Secret([string] $Name) {
    $secret = [Security.SecureString]::new()
    $secrets[$Name].ToCharArray() | ForEach-Object { $secret.AppendChar($_) }
    $secret
}

function Set-Secret([string] $Name, [securestring] $SecureStringSecret) { $secrets[$Name] = $SecureStringSecret }

function Read-Host([string] $Prompt, [switch] $AsSecureString) { Get-Secret $Prompt }

# Stand-ins, where the engine has no Utility module. They stop at a property that is not there, which the real ones forgive.
if (-not (Get-Command Group-Object -ErrorAction Ignore)) {
    function Get-Date { [DateTimeOffset]::Now }

    function Group-Object([string] $Property) {
        begin { $groups = [ordered]@{} }
        process { $groups["$(Read-Property $_ $Property)"] += @($_) }
        end { foreach ($name in $groups.Keys) { [pscustomobject]@{ Count = $groups[$name].Count; Name = $name; Group = $groups[$name] } } }
    }

    function Format-List([string[]] $Property) {
        process { foreach ($name in $Property) { if ($name -eq '*') { $_ } else { "$name : $(Read-Property $_ $name)" } } }
    }

    function Export-Csv([string] $Path) {
        begin { $lines = @() }
        process { $lines += @($_.PSObject.Properties | ForEach-Object { '"' + "$($_.Value)".Replace('"', '""') + '"' }) -join ',' }
        end { [IO.File]::WriteAllLines([IO.Path]::Combine($Folder, $Path), [string[]] $lines) }
    }

    function Read-Property($Item, [string] $Name) {
        if (-not $Item.PSObject.Properties[$Name]) { throw "There is no property $Name." }
        $Item.$Name
    }
}
