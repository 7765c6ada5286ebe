using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace DropboxOktaProvisioning.Engine.Reports;

/// <summary>The report as JSON, for a program: names and values as ConvertTo-Json writes them, times in UTC, people last.</summary>
public static class JsonReport
{
    private static readonly ReportJson Json = new(new JsonSerializerOptions
    {
        // Names stay readable; what HTML or JavaScript would act on does not stay.
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
        WriteIndented = true,
    });

    /// <summary>Writes it.</summary>
    public static Task WriteAsync(Stream stream, ActivationReport report, CancellationToken cancel) => JsonSerializer.SerializeAsync(stream, report, Json.ActivationReport, cancel);
}

[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(ActivationReport))]
internal sealed partial class ReportJson : JsonSerializerContext;
