# The words of the notices, as files.

BeforeAll {
    Import-Module ([IO.Path]::Combine($PSScriptRoot, '..', '..', 'DropboxOktaProvisioning.psd1'))
}

Describe 'Export-ActivationTemplate' {
    It 'writes all, and nothing with -WhatIf' {
        Export-ActivationTemplate $TestDrive/none -WhatIf
        "$TestDrive/none" | Should -Not -Exist
        @(Export-ActivationTemplate $TestDrive/all).Count | Should -Be 90
        @(Get-ChildItem $TestDrive/all -Directory).Name | Sort-Object | Should -Be 'de', 'en', 'es', 'fr', 'ja'
    }

    It 'leaves a file of one''s own alone' {
        Export-ActivationTemplate $TestDrive/own -Language en
        { Export-ActivationTemplate $TestDrive/own -Language en -ErrorAction Stop } | Should -Throw -ErrorId 'TemplateExists,*'
        @(Export-ActivationTemplate $TestDrive/own -Name *.html.liquid -Language en -Force).Count | Should -Be 6
    }

    It 'stops with its consumer' {
        Export-ActivationTemplate $TestDrive/first | Select-Object -First 1
        @(Get-ChildItem $TestDrive/first -File -Recurse).Count | Should -Be 1
    }
}
