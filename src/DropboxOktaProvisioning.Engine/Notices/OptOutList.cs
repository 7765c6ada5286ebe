using System.Globalization;
using DropboxOktaProvisioning.Engine.Journal;
using DropboxOktaProvisioning.Engine.Verification;

namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>Who wants no notice: people by address, by Okta's id or by the team member's.</summary>
public sealed class OptOutList
{
    private static readonly string[] Addresses = ["Email", "Login", "EmailAddress", "Mail", "UserName", "UserPrincipalName"], Ids = ["OktaUserId", "UserId", "TeamMemberId", "Id"];

    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);

    private OptOutList()
    {
    }

    /// <summary>Nobody.</summary>
    public static OptOutList Nobody { get; } = new();

    /// <summary>How many entries there are.</summary>
    public int Count => _keys.Count;

    /// <summary>Reads a CSV file with a column of addresses, ids or both; or one such entry a line. Whoever cannot be read might be told: then there is no list.</summary>
    /// <exception cref="ProvisioningException">FileNotFound, FileUnreadable, ColumnNotFound or InvalidCsv, with the line.</exception>
    public static async Task<OptOutList> ReadAsync(string path, CancellationToken cancel)
    {
        var list = new OptOutList();
        int[]? columns = null;
        await AddressFile.ForEachRowAsync(path, strict: true, row =>
        {
            var cells = row.Cells ?? throw Unreadable(path, row.Line, "cannot be read");
            if (columns is null)
            {
                columns = [.. Addresses.Concat(Ids).Select(name => AddressFile.Place(cells, [name])).OfType<int>()];
                if (columns.Length > 0) return;
                if (cells.Length > 1 || KeyOf(cells[0]) is null) throw NoColumn(cells, path);
                columns = [0]; // no header: the first line is an entry already
            }

            string[] entries = [.. columns.Where(column => column < cells.Length).Select(column => cells[column]).Where(cell => cell.Length > 0)];
            if (entries.Length == 0) throw Unreadable(path, row.Line, "names nobody");
            foreach (var entry in entries)
                list._keys.Add(KeyOf(entry) ?? throw Unreadable(path, row.Line, $"has '{MailText.OneLine(entry, 60)}', which is neither an address nor an id (00u…, dbmid:…)"));
        }, cancel);
        return list;
    }

    /// <summary>Whether the person stands on it, by any id or address.</summary>
    internal bool Has(DropboxUserStatus person) =>
        _keys.Count > 0 && NoticeKeys.Of(person).Concat(person.FurtherEmails.Select(NoticeKeys.Address)).Any(_keys.Contains);

    /// <summary>Whether a manager stands on it, by the address or by Okta's id or login.</summary>
    internal bool Has(Recipient manager) =>
        _keys.Count > 0 && NoticeKeys.Of(manager.OktaUserId, null, manager.Email).Concat(NoticeKeys.Of(null, null, manager.Login)).Any(_keys.Contains);

    private static string? KeyOf(string entry) =>
        EmailAddress.IsValid(entry) ? NoticeKeys.Address(entry)
        : entry.StartsWith("dbmid:", StringComparison.Ordinal) ? NoticeKeys.Of(null, entry, null).Single()
        : entry.StartsWith("00u", StringComparison.Ordinal) && entry.All(char.IsAsciiLetterOrDigit) ? NoticeKeys.Of(entry, null, null).Single()
        : null;

    private static ProvisioningException Unreadable(string path, int line, string what) => new(
        ErrorIds.InvalidCsv, ProblemCategory.InvalidData, string.Create(CultureInfo.InvariantCulture, $"Line {line} of the opt-out list '{path}' {what}. Nobody was told."),
        path, "Mend the line: somebody who wants no notice must not be told.");

    private static ProvisioningException NoColumn(string[] header, string path) => new(
        ErrorIds.ColumnNotFound, ProblemCategory.InvalidData,
        $"The opt-out list '{path}' has no column of addresses or ids. Its columns: {string.Join(", ", header.Take(10).Select(cell => $"'{MailText.OneLine(cell, 40)}'"))}.",
        path, $"Name a column one of: {string.Join(", ", Addresses.Concat(Ids))}.");
}
