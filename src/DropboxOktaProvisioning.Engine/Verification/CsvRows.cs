using System.Globalization;
using System.Runtime.CompilerServices;
using CsvHelper;
using CsvHelper.Configuration;

namespace DropboxOktaProvisioning.Engine.Verification;

/// <summary>One row of a CSV file.</summary>
/// <param name="Line">The line where it begins, from 1.</param>
/// <param name="Cells">Its cells, trimmed; null where the row is broken.</param>
internal readonly record struct CsvRow(int Line, string[]? Cells);

/// <summary>Reads CSV row by row: comma, semicolon, tab or bar. A broken row takes no other with it, not even where a quote is never closed.</summary>
internal static class CsvRows
{
    /// <summary>A quoted cell may go over so many lines; a quote that is not closed by then never was meant as one.</summary>
    private const int LongestRow = 20;

    private const string Delimiters = ",;\t|";

    /// <summary>The rows, blank lines left out.</summary>
    public static async IAsyncEnumerable<CsvRow> ReadAsync(TextReader text, [EnumeratorCancellation] CancellationToken cancel)
    {
        var lines = new BoundedLines(text);
        var ahead = new Queue<string?>();
        char? delimiter = null;
        for (var line = 1; await FillAsync(ahead, lines, cancel); line++)
        {
            if (ahead.Peek() is not { } first)
            {
                ahead.Dequeue();
                yield return new CsvRow(line, null);
                continue;
            }

            if (string.IsNullOrWhiteSpace(first))
            {
                ahead.Dequeue();
                continue;
            }

            delimiter ??= DelimiterOf(first);
            var length = LengthOf(ahead, delimiter.Value);
            var cells = length == 0 ? null : Parse(string.Join('\n', ahead.Take(length)), delimiter.Value);
            yield return new CsvRow(line, cells);

            // Of a broken row only its first line is given up.
            for (var left = cells is null ? 1 : length; left > 0; left--)
            {
                ahead.Dequeue();
                if (left > 1) line++;
            }
        }
    }

    private static async Task<bool> FillAsync(Queue<string?> ahead, BoundedLines lines, CancellationToken cancel)
    {
        while (ahead.Count < LongestRow && await lines.MoveNextAsync(cancel)) ahead.Enqueue(lines.Current);
        return ahead.Count > 0;
    }

    // What stands in quotes is no delimiter.
    private static char DelimiterOf(string line)
    {
        var outside = string.Concat(line.Split('"').Where((_, place) => place % 2 == 0));
        return Delimiters.MaxBy(candidate => outside.Count(letter => letter == candidate));
    }

    /// <summary>How many lines the row goes over; 0 where a quote is not closed, or a line of it is too long.</summary>
    private static int LengthOf(Queue<string?> lines, char delimiter)
    {
        var (quoted, length) = (false, 0);
        foreach (var line in lines)
        {
            if (line is null) return 0;
            var begins = !quoted;
            foreach (var letter in line)
            {
                if (letter == '"' && (quoted || begins)) (quoted, begins) = (!quoted, quoted); // a second quote right behind is an escaped one
                else if (!quoted) begins = letter == delimiter || (begins && letter == ' ');
            }

            length++;
            if (!quoted) return length;
        }

        return 0;
    }

    private static string[]? Parse(string row, char delimiter)
    {
        if (!row.Contains('"', StringComparison.Ordinal)) return row.Split(delimiter, StringSplitOptions.TrimEntries);

        var broken = false;
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = delimiter.ToString(),
            TrimOptions = TrimOptions.Trim | TrimOptions.InsideQuotes,
            BadDataFound = _ => broken = true,
            MaxFieldSize = 64 * 1024,
            HasHeaderRecord = false,
        };
        try
        {
            using var csv = new CsvParser(new StringReader(row), configuration);
            // The cells are looked at only when they are asked for.
            var cells = csv.Read() ? csv.Record : null;
            return broken ? null : cells;
        }
        catch (CsvHelperException)
        {
            return null;
        }
    }
}
