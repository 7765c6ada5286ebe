using System.Globalization;
using System.Text;

namespace DropboxOktaProvisioning.Engine.Verification;

/// <summary>What a file of addresses held.</summary>
/// <param name="Addresses">The addresses, as they stand there.</param>
/// <param name="Problems">The lines that have none, each with its number.</param>
public sealed record AddressList(IReadOnlyList<string> Addresses, IReadOnlyList<ProvisioningException> Problems);

/// <summary>Reads addresses from a CSV file: comma, semicolon, tab or bar, with or without a byte order mark.</summary>
public static class AddressFile
{
    private const int MaxColumns = 20_000, MaxRows = 2_000_000;
    private static readonly string[] Known = ["Email", "Login", "EmailAddress", "Mail", "UserName", "UserPrincipalName"];

    /// <summary>The addresses of the file; a line without one is a problem of that line, and a broken row is an error.</summary>
    /// <param name="path">The file.</param>
    /// <param name="column">The column's header; without it the first of the known names, or the only column of a file without a header.</param>
    /// <param name="cancel">Stops reading.</param>
    /// <exception cref="ProvisioningException">FileNotFound, FileUnreadable, ColumnNotFound or InvalidCsv, with the line.</exception>
    public static async Task<AddressList> ReadAsync(string path, string? column, CancellationToken cancel)
    {
        var addresses = new List<string>();
        var problems = new List<ProvisioningException>();
        var index = -1;
        await ForEachRowAsync(path, strict: true, row =>
        {
            var cells = row.Cells ?? throw Broken(path, row.Line);
            if (index < 0)
            {
                index = FindColumn(cells, column, path);
                if (index >= 0) return;
                index = 0; // no header: the first line is an address already
            }

            if (cells.Length > index && cells[index].Length > 0) addresses.Add(cells[index]);
            else problems.Add(NoAddress(path, row.Line));
        }, cancel);
        return new AddressList(addresses, problems);
    }

    /// <summary>Opens the file and hands out its rows.</summary>
    /// <param name="path">The file.</param>
    /// <param name="strict">Whether a letter that is no UTF-8 is an error; else it becomes a mark that no address has.</param>
    /// <param name="take">Takes a row.</param>
    /// <param name="cancel">Stops reading.</param>
    internal static async Task ForEachRowAsync(string path, bool strict, Action<CsvRow> take, CancellationToken cancel)
    {
        if (!File.Exists(path)) throw MissingFile.At(path);
        try
        {
            using var reader = new StreamReader(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: strict), detectEncodingFromByteOrderMarks: true);
            var rows = 0;
            await foreach (var row in CsvRows.ReadAsync(reader, cancel))
            {
                if (++rows > MaxRows) throw TooMuch(path, string.Create(CultureInfo.InvariantCulture, $"more than {MaxRows:N0} rows"));
                take(row);
            }
        }
        catch (InvalidDataException error)
        {
            throw TooMuch(path, error.Message);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ProvisioningException(ErrorIds.FileUnreadable, ProblemCategory.ResourceUnavailable, $"The file '{path}' could not be read: {error.Message}", path, "Close it elsewhere, or check its permissions.", error);
        }
        catch (DecoderFallbackException error)
        {
            throw new ProvisioningException(ErrorIds.InvalidCsv, ProblemCategory.InvalidData, $"The file '{path}' is not UTF-8 text.", path, "Save it as CSV UTF-8.", error);
        }
    }

    /// <summary>The place of the column with the name asked for, or with one of the known names; null where there is none.</summary>
    internal static int? ByName(string[] header, string? column, string path)
    {
        if (header.Length > MaxColumns)
            throw new ProvisioningException(ErrorIds.InvalidCsv, ProblemCategory.InvalidData, string.Create(CultureInfo.InvariantCulture, $"The file '{path}' has {header.Length} columns; at most {MaxColumns} are read."), path, "Export only the columns that are needed.");
        return Place(header, column is null ? Known : [column]);
    }

    /// <summary>The place of the first of the names that the header has; null for none. "E-mail address", "email_address" and "EmailAddress" are one name.</summary>
    internal static int? Place(string[] header, IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            var index = Array.FindIndex(header, cell => string.Equals(Plain(cell), Plain(name), StringComparison.OrdinalIgnoreCase));
            if (index >= 0) return index;
        }

        return null;
    }

    /// <summary>The error for a file without the column, with the columns that it has.</summary>
    internal static ProvisioningException NoColumn(string[] header, string? column, string path)
    {
        var seen = string.Join(", ", header.Take(10).Select(cell => $"'{(cell.Length > 40 ? cell[..40] + "…" : cell)}'")) + (header.Length > 10 ? ", …" : "");
        return new ProvisioningException(
            ErrorIds.ColumnNotFound, ProblemCategory.InvalidData,
            column is null ? $"The file '{path}' has no column of addresses. Its columns: {seen}." : $"The file '{path}' has no column '{column}'. Its columns: {seen}.",
            path, "Name the column of addresses with -EmailColumn.");
    }

    /// <summary>The column's place, or -1 where the first line is no header but an address.</summary>
    private static int FindColumn(string[] header, string? column, string path)
    {
        if (ByName(header, column, path) is { } index) return index;
        return column is null && header.Length == 1 && header[0].Contains('@', StringComparison.Ordinal) ? -1 : throw NoColumn(header, column, path);
    }

    private static ProvisioningException TooMuch(string path, string what) => new(
        ErrorIds.InvalidCsv, ProblemCategory.InvalidData, $"The file '{path}' has {what}, which no list of people has.", path, "Check that it is the right file, and export only the people and columns that are needed.");

    private static ProvisioningException NoAddress(string path, int line) => new(
        ErrorIds.InvalidAddress, ProblemCategory.InvalidData, string.Create(CultureInfo.InvariantCulture, $"Line {line} of the file '{path}' has no address."),
        string.Create(CultureInfo.InvariantCulture, $"{path}:{line}"), "Fill the cell in, or take the line out.");

    private static ProvisioningException Broken(string path, int line) => new(
        ErrorIds.InvalidCsv, ProblemCategory.InvalidData, string.Create(CultureInfo.InvariantCulture, $"The file '{path}' is not CSV: line {line} cannot be read."), path, "Mind quotes that are opened and not closed.");

    private static string Plain(string header) => string.Concat(header.Where(char.IsLetterOrDigit));
}
