using System.Text;
using DropboxOktaProvisioning.Engine.Verification;

namespace DropboxOktaProvisioning.Engine.Tests.Verification;

/// <summary>Lists as admins have them: whatever the dialect, and whatever is broken in them.</summary>
public sealed class DomainInsightFileTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"insight-{Guid.NewGuid():N}.csv");

    public void Dispose() => File.Delete(_path);

    private Task<DomainInsightList> Read(string text, string? column = null, string[]? domains = null, Encoding? encoding = null)
    {
        File.WriteAllText(_path, text, encoding ?? new UTF8Encoding(false));
        return DomainInsightFile.ReadAsync(_path, column, domains ?? [], default);
    }

    private static IEnumerable<string> Emails(DomainInsightList list) => list.Rows.Select(row => row.Email);

    [Theory]
    [InlineData("Email,Name\na@contoso.example,Pat\nb@contoso.example,Sam\n")]
    [InlineData("Name;E-mail address\r\nPat;a@contoso.example\r\nSam;b@contoso.example\r\n")]
    [InlineData("\"Last, first\";\"Who\"\n\"Sample, Pat\";\"a@contoso.example\"\n\"Sample; Sam\";\" b@contoso.example \"\n")]
    [InlineData("Member\tLast seen\na@contoso.example\t2026-01-01\nb@contoso.example\t\n")]
    [InlineData("Pat,a@contoso.example\nSam,b@contoso.example\n")]
    [InlineData("a@contoso.example\nb@contoso.example")]
    [InlineData("\n\nNote,Email\n\"two\nlines\",a@contoso.example\n,b@contoso.example\n")]
    public async Task Addresses_are_found_by_the_headers_name_or_by_what_is_in_the_column(string text)
    {
        Assert.Equal(["a@contoso.example", "b@contoso.example"], Emails(await Read(text)));
        Assert.Equal(["a@contoso.example", "b@contoso.example"], Emails(await Read(text, encoding: new UTF8Encoding(true))));
        Assert.Equal(["a@contoso.example", "b@contoso.example"], Emails(await Read(text, encoding: Encoding.Unicode)));
    }

    [Fact]
    public async Task Everything_that_is_left_out_is_counted_and_stops_nothing()
    {
        var list = await Read("""
            Email,Account type,Name
            a@contoso.example,Basic,Pat
            A@Contoso.Example,Basic,Pat again
            b@example.com,Pro,Sam
            ,Basic,Nobody
            not-an-address,Basic,Kim
            c@contoso.example,Dropbox Pro,"Sam"x
            d@contoso.example,Dropbox Plus,"Lee
            e@contoso.example,Enterprise,Max
            short
            f@contoso.example
            """, domains: ["@contoso.example"]);
        Assert.Equal(["a@contoso.example", "e@contoso.example", "f@contoso.example"], Emails(list));
        Assert.Equal((1, 1, 1), (list.Duplicates, list.OtherDomains, list.Empty));
        Assert.Equal([6, 7, 8, 10], list.BadLines);
        Assert.Equal([2, 9, 11], list.Rows.Select(row => row.Line));
        Assert.Contains("3 addresses taken; left out: 1 that came twice, 1 on other domains, 1 rows without one, 4 rows that cannot be used (line 6, 7, 8, 10)", list.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_plan_is_read_where_a_column_says_it_and_else_stays_unknown()
    {
        var list = await Read("Email;Plan\na@contoso.example;Basic\nb@contoso.example;Dropbox Plus\nc@contoso.example;Standard\nd@contoso.example\n");
        Assert.Equal([PersonalAccountType.Basic, PersonalAccountType.Pro, PersonalAccountType.Unknown, PersonalAccountType.Unknown], list.Rows.Select(row => row.AccountType));
        Assert.Equal((_path, File.GetLastWriteTimeUtc(_path)), (list.Rows[0].Path, list.Rows[0].ObservedOn.UtcDateTime));
    }

    [Fact]
    public async Task A_named_column_is_taken_before_all_others() =>
        Assert.Equal(["x@contoso.example"], Emails(await Read("Email,Private\na@contoso.example,x@contoso.example\n", "private")));

    [Theory]
    [InlineData("Name,Department\nPat,Sales\n", null)]
    [InlineData("Email,Name\na@contoso.example,Pat\n", "Mailbox")]
    public async Task A_file_without_such_a_column_is_told_with_those_that_it_has(string text, string? column)
    {
        var problem = await Assert.ThrowsAsync<ProvisioningException>(() => Read(text, column));
        Assert.Equal(ErrorIds.ColumnNotFound, problem.ErrorId);
        Assert.Contains("'Name'", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Letters_of_another_encoding_spoil_only_the_addresses_that_they_are_in()
    {
        var list = await Read("Email,Name\na@contoso.example,Jörg\njörg@contoso.example,Jörg\n", encoding: Encoding.Latin1);
        Assert.Equal((1, 3), (Assert.Single(list.Rows).Line + list.BadLines.Count - 2, Assert.Single(list.BadLines)));
    }

    [Fact]
    public async Task An_empty_file_has_nobody_on_it() => Assert.Empty((await Read("")).Rows);
}
