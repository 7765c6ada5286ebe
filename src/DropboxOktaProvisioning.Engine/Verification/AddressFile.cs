using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace DropboxOktaProvisioning.Engine.Verification;

/// <summary>What a file of addresses held.</summary>
/// <param name="Addresses">The addresses, as they stand there.</param>
/// <param name="Problems">The lines that have none, each with its number.</param>
public sealed record AddressList(IReadOnlyList<string> Addresses, IReadOnlyList<ProvisioningException> Problems);

/// <summary>Reads addresses from a CSV file: comma, semicolon, tab or bar, with or without a byte order mark.</summary>
public static class AddressFile
{
    private const int MaxColumns = 20_000;
    private static readonly string[] Delimiters = [",", ";", "\t", "|"];
    private static readonly string[] Known = ["Email", "Login", "EmailAddress", "Mail", "UserName", "UserPrincipalName"];

    /// <summary>The addresses of the file; a line without one is a problem of that line.</summary>
    /// <param name="path">The file.</param>
    /// <param name="column">The column's header; without it the first of the known names, or the only column of a file without a header.</param>
    /// <param name="cancel">Stops reading.</param>
    /// <exception cref="ProvisioningException">FileNotFound, FileUnreadable, ColumnNotFound or InvalidCsv, with the line.</exception>
    public static async Task<AddressList> ReadAsync(string path, string? column, CancellationToken cancel)
    {
        if (!File.Exists(path))
            throw new ProvisioningException(ErrorIds.FileNotFound, ProblemCategory.ObjectNotFound, $"The file '{path}' is not there.", path, "Check the path.");
        try
        {
            using var reader = new StreamReader(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: true);
            return await ReadAsync(reader, path, column, cancel);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ProvisioningException(ErrorIds.FileUnreadable, ProblemCategory.ResourceUnavailable, $"The file '{path}' could not be read: {error.Message}", path, "Close it elsewhere, or check its permissions.", error);
        }
        catch (DecoderFallbackException error)
        {
            throw new ProvisioningException(ErrorIds.InvalidCsv, ProblemCategory.InvalidData, $"The file '{path}' is not UTF-8 text.", path, "Save it as CSV UTF-8.", error);
        }
        catch (CsvHelperException error)
        {
            var line = error.Context?.Parser?.RawRow ?? 0;
            throw new ProvisioningException(ErrorIds.InvalidCsv, ProblemCategory.InvalidData, string.Create(CultureInfo.InvariantCulture, $"The file '{path}' is not CSV: line {line} cannot be read."), path, "Mind quotes that are opened and not closed.", error);
        }
    }

    private static async Task<AddressList> ReadAsync(TextReader text, string path, string? column, CancellationToken cancel)
    {
        // The header alone tells the dialect: a short line further down must not.
        var content = await text.ReadToEndAsync(cancel);
        var header = content.TrimStart().Split('\n', 2)[0];
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = DelimiterOf(header),
            TrimOptions = TrimOptions.Trim | TrimOptions.InsideQuotes,
            IgnoreBlankLines = true,
            BadDataFound = bad => throw new BadDataException(bad.Field, bad.RawRecord, bad.Context),
            MaxFieldSize = 64 * 1024,
            HasHeaderRecord = false,
        };
        using var csv = new CsvParser(new StringReader(content), configuration);
        var addresses = new List<string>();
        var problems = new List<ProvisioningException>();
        var index = -1;
        while (await csv.ReadAsync().WaitAsync(cancel))
        {
            var row = csv.Record ?? [];
            if (index < 0)
            {
                index = FindColumn(row, column, path);
                if (index >= 0) continue;
                index = 0; // no header: the first line is an address already
            }

            if (row.Length > index && row[index].Length > 0) addresses.Add(row[index]);
            else problems.Add(NoAddress(path, csv.RawRow));
        }

        return new AddressList(addresses, problems);
    }

    private static string DelimiterOf(string header) =>
        Delimiters.MaxBy(delimiter => header.Split('"').Where((_, index) => index % 2 == 0).Sum(part => part.Split(delimiter).Length - 1))!;

    private static ProvisioningException NoAddress(string path, int line) => new(
        ErrorIds.InvalidAddress, ProblemCategory.InvalidData, string.Create(CultureInfo.InvariantCulture, $"Line {line} of the file '{path}' has no address."),
        string.Create(CultureInfo.InvariantCulture, $"{path}:{line}"), "Fill the cell in, or take the line out.");

    /// <summary>The column's place, or -1 where the first line is no header but an address.</summary>
    private static int FindColumn(string[] header, string? column, string path)
    {
        if (header.Length > MaxColumns)
            throw new ProvisioningException(ErrorIds.InvalidCsv, ProblemCategory.InvalidData, string.Create(CultureInfo.InvariantCulture, $"The file '{path}' has {header.Length} columns; at most {MaxColumns} are read."), path, "Export only the columns that are needed.");

        foreach (var name in column is null ? Known : [column])
        {
            var index = Array.FindIndex(header, cell => string.Equals(Plain(cell), Plain(name), StringComparison.OrdinalIgnoreCase));
            if (index >= 0) return index;
        }

        if (column is null && header.Length == 1 && header[0].Contains('@', StringComparison.Ordinal)) return -1;

        var seen = string.Join(", ", header.Take(10).Select(cell => $"'{(cell.Length > 40 ? cell[..40] + "…" : cell)}'")) + (header.Length > 10 ? ", …" : "");
        throw new ProvisioningException(
            ErrorIds.ColumnNotFound, ProblemCategory.InvalidData,
            column is null ? $"The file '{path}' has no column of addresses. Its columns: {seen}." : $"The file '{path}' has no column '{column}'. Its columns: {seen}.",
            path, "Name the column of addresses with -EmailColumn.");
    }

    // "E-mail address", "email_address" and "EmailAddress" are one name.
    private static string Plain(string header) => string.Concat(header.Where(char.IsLetterOrDigit));
}
