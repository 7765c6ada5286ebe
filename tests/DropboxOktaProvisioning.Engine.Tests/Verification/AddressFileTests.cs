using System.Text;
using DropboxOktaProvisioning.Engine.Verification;

namespace DropboxOktaProvisioning.Engine.Tests.Verification;

public sealed class AddressFileTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"addresses-{Guid.NewGuid():N}.csv");

    public void Dispose() => File.Delete(_path);

    private async Task<IReadOnlyList<string>> Read(string text, string? column = null, bool mark = false)
    {
        await File.WriteAllTextAsync(_path, text, new UTF8Encoding(mark));
        var list = await AddressFile.ReadAsync(_path, column, default);
        Assert.Empty(list.Problems);
        return list.Addresses;
    }

    [Fact]
    public async Task A_line_without_an_address_is_a_problem_of_that_line()
    {
        await File.WriteAllTextAsync(_path, "Name;Email\nPat;a@contoso.example\nBob;\nCara\nSam;b@contoso.example\n");
        var list = await AddressFile.ReadAsync(_path, null, default);
        Assert.Equal(["a@contoso.example", "b@contoso.example"], list.Addresses);
        Assert.Equal([$"{_path}:3", $"{_path}:4"], list.Problems.Select(problem => problem.Target));
        Assert.All(list.Problems, problem => Assert.Equal(ErrorIds.InvalidAddress, problem.ErrorId));
    }

    [Theory]
    [InlineData("Email,Name\na@contoso.example,Pat\nb@contoso.example,Sam\n")]
    [InlineData("Name;E-mail\nPat;a@contoso.example\nSam;b@contoso.example\n")]
    [InlineData("Name\tLogin\r\nPat\ta@contoso.example\r\nSam\tb@contoso.example\r\n")]
    [InlineData("\"Last, first\",\"email address\"\n\"Sample, Pat\",a@contoso.example\n\"Sample, Sam\",\" b@contoso.example \"\n")]
    [InlineData("a@contoso.example\nb@contoso.example\n")]
    [InlineData("Email\na@contoso.example\n\n\nb@contoso.example")]
    public async Task Addresses_are_found_whatever_the_dialect(string text)
    {
        Assert.Equal(["a@contoso.example", "b@contoso.example"], await Read(text));
        Assert.Equal(["a@contoso.example", "b@contoso.example"], await Read(text, mark: true));
    }

    [Fact]
    public async Task A_named_column_is_taken() => Assert.Equal(["x@contoso.example"], await Read("Email,Private\na@contoso.example,x@contoso.example\n", "private"));

    [Theory]
    [InlineData("Name,Department\nPat,Sales\n", null)]
    [InlineData("Email,Name\na@contoso.example,Pat\n", "Mailbox")]
    public async Task A_missing_column_is_told_with_the_columns_that_are_there(string text, string? column)
    {
        var problem = await Assert.ThrowsAsync<ProvisioningException>(() => Read(text, column));
        Assert.Equal(ErrorIds.ColumnNotFound, problem.ErrorId);
        Assert.Contains("'Name'", problem.Message, StringComparison.Ordinal);
        Assert.Equal(_path, problem.Target);
    }

    [Fact]
    public async Task Ten_thousand_columns_are_read_and_too_many_are_refused()
    {
        var header = string.Join(',', Enumerable.Range(0, 9_999).Select(number => $"c{number}")) + ",Email";
        var row = new string(',', 9_999) + "a@contoso.example";
        Assert.Equal(["a@contoso.example"], await Read($"{header}\n{row}\n"));

        var problem = await Assert.ThrowsAsync<ProvisioningException>(() => Read(string.Join(',', Enumerable.Range(0, 30_000).Select(number => $"c{number}")) + "\n"));
        Assert.Equal(ErrorIds.InvalidCsv, problem.ErrorId);
    }

    [Fact]
    public async Task A_missing_file_is_told()
    {
        var problem = await Assert.ThrowsAsync<ProvisioningException>(() => AddressFile.ReadAsync(_path, null, default));
        Assert.Equal(ErrorIds.FileNotFound, problem.ErrorId);
    }

    [Fact]
    public async Task A_broken_quote_is_told_with_its_line()
    {
        var problem = await Assert.ThrowsAsync<ProvisioningException>(() => Read("Email,Name\na@contoso.example,Pat\nb@contoso.example,\"Sam\"x\nc@contoso.example,Kim\n"));
        Assert.Equal(ErrorIds.InvalidCsv, problem.ErrorId);
        Assert.Contains("line 3", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_told()
    {
        await File.WriteAllBytesAsync(_path, [.. "Email\n"u8, 0xE4, 0xFF, 0x40]);
        var problem = await Assert.ThrowsAsync<ProvisioningException>(() => AddressFile.ReadAsync(_path, null, default));
        Assert.Equal(ErrorIds.InvalidCsv, problem.ErrorId);
    }

    [Fact]
    public async Task An_empty_file_asks_for_nobody() => Assert.Empty(await Read(""));
}
