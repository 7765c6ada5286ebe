using System.Globalization;

namespace DropboxOktaProvisioning.Engine.Verification;

/// <summary>A list of personal accounts out of a file: what was taken, and what was not and why.</summary>
public sealed record DomainInsightList
{
    /// <summary>Each address once, in the file's order.</summary>
    public required IReadOnlyList<DropboxDomainInsight> Rows { get; init; }

    /// <summary>How many rows came again with an address that was taken already.</summary>
    public int Duplicates { get; init; }

    /// <summary>How many addresses are on other domains than those asked for.</summary>
    public int OtherDomains { get; init; }

    /// <summary>How many rows have no address.</summary>
    public int Empty { get; init; }

    /// <summary>The lines that cannot be read, or whose address is none.</summary>
    public required IReadOnlyList<int> BadLines { get; init; }

    /// <summary>All counts in a sentence.</summary>
    public string Summary => string.Create(CultureInfo.InvariantCulture,
        $"{Rows.Count} addresses taken; left out: {Duplicates} that came twice, {OtherDomains} on other domains, {Empty} rows without one, {BadLines.Count} rows that cannot be used{Where}.");

    private string Where => BadLines.Count == 0 ? "" : $" (line {string.Join(", ", BadLines.Take(10))}{(BadLines.Count > 10 ? ", …" : "")})";
}

/// <summary>Reads the admin console's list of personal accounts, or any CSV file with a column of addresses (dropbox.md §3.5: its form is not published).</summary>
public static class DomainInsightFile
{
    /// <summary>So many rows are looked at to find a column of addresses that bears no known name.</summary>
    private const int Sample = 50;

    private static readonly string[] TypeNames = ["AccountType", "Plan", "AccountPlan", "Subscription", "Type"];

    /// <summary>Reads the list. A row that cannot be used never stops the others.</summary>
    /// <param name="path">The file.</param>
    /// <param name="column">The header of the column of addresses; without it a known name, else the column that holds the most addresses.</param>
    /// <param name="domains">Only addresses exactly on one of these; empty takes all.</param>
    /// <param name="cancel">Stops reading.</param>
    /// <exception cref="ProvisioningException">FileNotFound, FileUnreadable, or ColumnNotFound.</exception>
    public static async Task<DomainInsightList> ReadAsync(string path, string? column, IReadOnlyList<string> domains, CancellationToken cancel)
    {
        var rows = new List<CsvRow>();
        await AddressFile.ForEachRowAsync(path, strict: false, rows.Add, cancel);
        var (address, type, first) = FindColumns(rows, column, path);

        var wanted = new HashSet<string>(domains.Select(domain => domain.Trim().TrimStart('@')), StringComparer.OrdinalIgnoreCase);
        var taken = new Dictionary<string, DropboxDomainInsight>(StringComparer.OrdinalIgnoreCase);
        var bad = new List<int>();
        int duplicates = 0, others = 0, empty = 0;
        var written = new DateTimeOffset(File.GetLastWriteTimeUtc(path));
        foreach (var (line, cells) in rows.Skip(first))
        {
            if (cells is null) bad.Add(line);
            else if (address >= cells.Length || cells[address].Length == 0) empty++;
            else if (!IsAddress(cells[address])) bad.Add(line);
            else if (wanted.Count > 0 && !wanted.Contains(EmailAddress.DomainOf(cells[address]))) others++;
            else if (!taken.TryAdd(cells[address], Row(cells, line))) duplicates++;
        }

        return new DomainInsightList { Rows = [.. taken.Values], Duplicates = duplicates, OtherDomains = others, Empty = empty, BadLines = bad };

        DropboxDomainInsight Row(string[] cells, int line) => new()
        {
            Email = cells[address],
            AccountType = type < cells.Length ? TypeOf(cells[type]) : PersonalAccountType.Unknown,
            Line = line,
            Path = path,
            ObservedOn = written,
        };
    }

    // Which words the console uses is not published; a word that is none of these stays unknown.
    internal static PersonalAccountType TypeOf(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries) switch
    {
        [.., var last] when last.ToUpperInvariant() is "BASIC" or "FREE" => PersonalAccountType.Basic,
        [.., var last] when last.ToUpperInvariant() is "PRO" or "PLUS" or "PROFESSIONAL" => PersonalAccountType.Pro,
        _ => PersonalAccountType.Unknown,
    };

    private static (int Address, int Type, int FirstRow) FindColumns(List<CsvRow> rows, string? column, string path)
    {
        var header = rows.FindIndex(row => row.Cells is not null);
        if (header < 0) return (0, int.MaxValue, 0); // nothing that can be read: every row counts as bad
        var names = rows[header].Cells!;
        var type = AddressFile.Place(names, TypeNames) ?? int.MaxValue;
        if (AddressFile.ByName(names, column, path) is { } named) return (named, type, header + 1);
        if (column is not null) throw AddressFile.NoColumn(names, column, path);

        var sample = rows.Skip(header).Take(Sample).Select(row => row.Cells ?? []).ToArray();
        var best = Enumerable.Range(0, sample.Max(cells => cells.Length)).MaxBy(place => sample.Count(cells => place < cells.Length && IsAddress(cells[place])));
        if (!sample.Any(cells => best < cells.Length && IsAddress(cells[best]))) throw AddressFile.NoColumn(names, column, path);
        var hasHeader = best >= names.Length || !names.Any(cell => cell.Contains('@', StringComparison.Ordinal));
        return (best, hasHeader ? type : int.MaxValue, hasHeader ? header + 1 : 0);
    }

    private static bool IsAddress(string text) => !text.Contains('\uFFFD', StringComparison.Ordinal) && EmailAddress.IsValid(text);
}
