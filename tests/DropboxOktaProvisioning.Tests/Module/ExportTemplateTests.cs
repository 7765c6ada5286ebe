namespace DropboxOktaProvisioning.Tests;

public sealed class ExportTemplateTests : IDisposable
{
    private readonly ModuleSession _session = new();
    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("templates-").FullName, "own");

    public void Dispose()
    {
        _session.Dispose();
        Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);
    }

    [Fact]
    public void What_is_written_can_be_sent_with_and_says_the_same_as_the_built_in_ones()
    {
        var result = _session.Run($$"""
            $files = Export-ActivationTemplate {{_folder}}
            $files.Count
            $sandbox = Start-ProvisioningSandbox -PassThru
            $waiting = Test-DropboxUserStatus | Where-Object Stage -eq AwaitingActivation
            $null = $waiting[0] | Send-ActivationNotice
            $null = $waiting[0] | Send-ActivationNotice -TemplatePath {{_folder}} -Journal {{_folder}}/journal.db -WarningAction SilentlyContinue
            $sandbox.Outbox[0].Html -eq $sandbox.Outbox[1].Html -and $sandbox.Outbox[0].Subject -eq $sandbox.Outbox[1].Subject
            """).Clean();

        Assert.Equal([5 * 18, true], result.Output.Select(value => value.BaseObject));
        Assert.Equal(["de", "en", "es", "fr", "ja"], Directory.GetDirectories(_folder).Select(Path.GetFileName).Order());
        Assert.All(Directory.GetDirectories(_folder), language => Assert.Equal(18, Directory.GetFiles(language, "*.liquid").Length));
        Assert.Empty(Directory.GetFiles(_folder, "*.tmp", SearchOption.AllDirectories));
    }

    [Fact]
    public void With_WhatIf_nothing_is_written()
    {
        Assert.Empty(_session.Run($"Export-ActivationTemplate {_folder} -WhatIf").Clean().Output);
        Assert.False(Directory.Exists(_folder));
    }

    [Fact]
    public void One_of_ones_own_stays_and_the_others_come_until_it_is_forced()
    {
        var german = Directory.CreateDirectory(Path.Combine(_folder, "de")).FullName;
        var own = Path.Combine(german, "Activation.subject.liquid");
        File.WriteAllText(own, "mine");

        var first = _session.Run($"Export-ActivationTemplate {_folder} *.subject.liquid -Language de, ja");

        Assert.Equal("TemplateExists", Assert.Single(first.Errors).FullyQualifiedErrorId.Split(',')[0]);
        Assert.Equal(own, first.Errors[0].TargetObject);
        Assert.Equal(11, first.Output.Count);
        Assert.Equal("mine", File.ReadAllText(own));
        Assert.Empty(Directory.GetFiles(german, "*.tmp"));
        Assert.Single(_session.Run($"Export-ActivationTemplate {_folder} activation.subject.liquid -Language DE -Force").Clean().Output);
        Assert.NotEqual("mine", File.ReadAllText(own));
    }

    [Fact]
    public void A_name_that_fits_none_and_a_folder_that_cannot_be_are_said()
    {
        var file = Path.GetDirectoryName(_folder) + "/file";
        File.WriteAllText(file, "");
        Assert.Equal("TemplateNotFound", Assert.Single(_session.Run($"Export-ActivationTemplate {_folder} nothing*").Errors).FullyQualifiedErrorId.Split(',')[0]);
        Assert.All(_session.Run($"Export-ActivationTemplate {file}/own").Errors, error => Assert.Equal("TemplateNotFound", error.FullyQualifiedErrorId.Split(',')[0]));
        Assert.False(Directory.Exists(_folder));
    }
}
