@{
    RootModule           = 'EmptyModule.dll'
    ModuleVersion        = '0.1.0'
    GUID                 = '0f3f1f3e-6f0a-4a37-9a43-0d1c9c2a7a10'
    Author               = 'DropboxOktaProvisioning'
    Description          = 'A binary module with one cmdlet that does nothing, to compare imports with.'

    PowerShellVersion    = '7.4'
    CompatiblePSEditions = @('Core')

    CmdletsToExport      = @('Get-Nothing')
    FunctionsToExport    = @()
    AliasesToExport      = @()
    VariablesToExport    = @()
}
