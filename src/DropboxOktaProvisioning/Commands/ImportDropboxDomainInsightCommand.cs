using System.Management.Automation;
using DropboxOktaProvisioning.Bridge;
using DropboxOktaProvisioning.Completion;
using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Verification;

namespace DropboxOktaProvisioning.Commands;

/// <summary>
/// <para type="synopsis">Reads a list of personal accounts: the Dropbox admin console's, or any CSV file with a column of addresses.</para>
/// </summary>
[Cmdlet(VerbsData.Import, "DropboxDomainInsight", HelpUri = HelpPages.At + "Import-DropboxDomainInsight.md")]
[OutputType(typeof(DropboxDomainInsight))]
public sealed class ImportDropboxDomainInsightCommand : AsyncCommand
{
    /// <summary>The file.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName", "PSPath")]
    public string Path { get; set; } = "";

    /// <summary>The header of the column of addresses, where it is not found by itself.</summary>
    [Parameter]
    public string? EmailColumn { get; set; }

    /// <summary>Only addresses exactly on one of these domains.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DomainCompleter))]
    public string[] Domain { get; set; } = [];

    /// <inheritdoc/>
    protected override void OnRecord()
    {
        var path = DiskPath.Of(this, Path);
        DomainInsightList list;
        try
        {
            list = Await(cancel => DomainInsightFile.ReadAsync(path, EmailColumn, Domain, cancel));
        }
        catch (ProvisioningException problem)
        {
            WriteProblem(problem); // the next file may be a good one
            return;
        }

        WriteVerbose($"{path}: {list.Summary}");
        if (list.BadLines.Count > 0) WriteWarning($"{path}: {list.Summary} Mend those lines if their addresses count.");
        else if (list.Rows.Count == 0) WriteWarning($"{path}: {list.Summary} Check that it is the right file.");
        foreach (var row in list.Rows) WriteObject(row);
    }
}
