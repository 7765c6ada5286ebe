using System.Globalization;
using System.Text.Json;

namespace DropboxOktaProvisioning.Engine.Plans;

/// <summary>A plan as a file of JSON, readable by its owner only. It appears whole or not at all.</summary>
public static class PlanFile
{
    /// <summary>The version of the form that is written.</summary>
    public const int Version = 2;

    /// <summary>How deep the JSON may be nested.</summary>
    internal const int Deepest = 8;

    /// <summary>The most bytes that are read: a million people take about 350 MB.</summary>
    internal const long Largest = 1L << 30;

    // In lines, for a person to read. What a line ends with depends on the system, so no hash is made of this form.
    private static readonly PlanJson Readable = new(new JsonSerializerOptions(PlanJson.Default.Options) { WriteIndented = true, TypeInfoResolver = null });

    /// <summary>Finds early what would keep a plan from being written.</summary>
    /// <exception cref="ProvisioningException">PlanExists or PlanUnwritable.</exception>
    public static void CheckTarget(string path, bool overwrite)
    {
        if (Directory.Exists(path)) throw PlanErrors.NotWritten(path, "It is a folder.");
        if (!Directory.Exists(Path.GetDirectoryName(path))) throw PlanErrors.NotWritten(path, "Its folder is not there.");
        if (!overwrite && File.Exists(path)) throw PlanErrors.Exists(path);
    }

    /// <summary>Writes a sealed plan.</summary>
    /// <param name="plan">The plan, with its hash.</param>
    /// <param name="path">The file.</param>
    /// <param name="overwrite">Also where a file is there.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="ProvisioningException">PlanExists or PlanUnwritable.</exception>
    public static async Task WriteAsync(ProvisioningPlan plan, string path, bool overwrite, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(plan);
        CheckTarget(path, overwrite);
        var temporary = path + "." + plan.Id + ".tmp";
        try
        {
            await using (var file = OwnerOnly.Open(temporary, FileMode.CreateNew))
            {
                await JsonSerializer.SerializeAsync(file, new PlanDocument(Version, plan.Hash, plan), Readable.PlanDocument, cancel);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            File.Delete(temporary);
            throw !overwrite && File.Exists(path) ? PlanErrors.Exists(path) : PlanErrors.NotWritten(path, exception.Message, exception);
        }
        catch (OperationCanceledException)
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Reads a plan and checks it against its hash.</summary>
    /// <exception cref="ProvisioningException">FileNotFound, FileUnreadable, PlanInvalid, PlanTooNew or PlanChanged.</exception>
    public static async Task<ProvisioningPlan> ReadAsync(string path, CancellationToken cancel)
    {
        try
        {
            var length = new FileInfo(path).Length;
            if (length > Largest) throw PlanErrors.Invalid(path, string.Create(CultureInfo.InvariantCulture, $"it has {length} bytes, and a plan has at most {Largest}"));
            return Parse(await File.ReadAllBytesAsync(path, cancel), path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw MissingFile.At(path, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ProvisioningException(
                ErrorIds.FileUnreadable, ProblemCategory.ResourceUnavailable, $"The file '{path}' could not be read: {exception.Message}", path, "Close it elsewhere, or check its permissions.", exception);
        }
    }

    internal static ProvisioningPlan Parse(ReadOnlySpan<byte> json, string? path)
    {
        if (json.StartsWith("\uFEFF"u8)) json = json[3..];
        try
        {
            if (VersionOf(json) is not { } version) throw PlanErrors.Invalid(path, "it is no plan: its version is missing");
            if (version > Version) throw PlanErrors.TooNew(path, version, Version);
            if (version is > 0 and < Version) throw PlanErrors.TooOld(path, version);
            var document = JsonSerializer.Deserialize(json, PlanJson.Default.PlanDocument);
            if (document is not { Plan: { } plan, Hash: { } hash, Version: Version }) throw PlanErrors.Invalid(path, "it is no plan");
            plan = plan with { Hash = hash, Path = path };
            PlanSeal.Check(plan);
            return plan;
        }
        catch (JsonException exception)
        {
            throw PlanErrors.Invalid(
                path, exception.LineNumber is { } line ? string.Create(CultureInfo.InvariantCulture, $"it cannot be read at {exception.Path ?? "$"} (line {line + 1})") : "it is no JSON of a plan", exception);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            // What the reader says of a text with half a character.
            throw PlanErrors.Invalid(path, "a text in it has half a character", exception);
        }
    }

    // Read first, because what a later version writes need not be anything that is known here.
    private static int? VersionOf(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 64 });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isVersion = reader.ValueTextEquals("version"u8);
            reader.Read();
            if (isVersion) return reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var version) ? version : null;
            reader.Skip();
        }

        return null;
    }
}
