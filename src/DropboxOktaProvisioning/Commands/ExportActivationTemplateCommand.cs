using System.Management.Automation;
using DropboxOktaProvisioning.Bridge;
using DropboxOktaProvisioning.Completion;
using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Notices;

namespace DropboxOktaProvisioning.Commands;

/// <summary>
/// <para type="synopsis">Writes the built-in templates of the notices to a folder, to start one's own from.</para>
/// </summary>
[Cmdlet(VerbsData.Export, "ActivationTemplate", SupportsShouldProcess = true, HelpUri = HelpPages.At + "Export-ActivationTemplate.md")]
[OutputType(typeof(FileInfo))]
public sealed class ExportActivationTemplateCommand : AsyncCommand
{
    /// <summary>The folder, in which each language has its own; they are made where they are not there.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Only the templates whose file names fit, such as *.subject.liquid.</summary>
    [Parameter(Position = 1)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TemplateCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Only these languages: en, de, fr, es or ja; without it all of them.</summary>
    [Parameter]
    [ValidateSet("en", "de", "fr", "es", "ja")]
    public string[] Language { get; set; } = ["en", "de", "fr", "es", "ja"];

    /// <summary>Puts the built-in ones in the place of files that are there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void OnEnd()
    {
        var folder = DiskPath.Of(this, Path);
        string[] files = [.. Wanted()];
        foreach (var (language, file) in Language.Distinct(StringComparer.OrdinalIgnoreCase).SelectMany(language => files.Select(file => (language.ToLowerInvariant(), file))))
        {
            var place = System.IO.Path.Combine(folder, language);
            var path = System.IO.Path.Combine(place, file);
            if (!ShouldProcess(path, "Write the built-in template")) continue;
            try
            {
                WriteObject(new FileInfo(NoticeTemplates.Export(language, file, place, Force)));
            }
            catch (ProvisioningException problem) when (problem.ErrorId is ErrorIds.TemplateExists)
            {
                WriteProblem(problem); // one of one's own stays; the others may be missing
            }
        }
    }

    private IEnumerable<string> Wanted()
    {
        var wanted = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in Name)
        {
            var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
            var fitting = NoticeTemplates.FileNames.Where(pattern.IsMatch).ToArray();
            wanted.UnionWith(fitting);
            if (fitting.Length > 0) continue;
            WriteProblem(new ProvisioningException(
                ErrorIds.TemplateNotFound, ProblemCategory.ObjectNotFound, $"No template's file name is like '{name}'.", name,
                $"There are: {string.Join(", ", NoticeTemplates.FileNames)}."));
        }

        return NoticeTemplates.FileNames.Where(wanted.Contains);
    }
}
