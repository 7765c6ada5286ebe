using CsCheck;
using DropboxOktaProvisioning.Engine.Verification;

namespace DropboxOktaProvisioning.Engine.Tests.Verification;

/// <summary>Lines as a text reader reads them, and files that are nothing but one line, or have no end.</summary>
public sealed class BoundedLinesTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"lines-{Guid.NewGuid():N}.csv");

    public void Dispose() => File.Delete(_path);

    private static async Task<List<string?>> ReadAsync(TextReader text)
    {
        var lines = new BoundedLines(text);
        var all = new List<string?>();
        while (await lines.MoveNextAsync(CancellationToken.None)) all.Add(lines.Current);
        return all;
    }

    [Fact]
    public async Task Lines_are_those_of_a_text_reader_wherever_the_text_is_cut_into_pieces() =>
        await Gen.Select(Gen.OneOfConst("a", "\n", "\r", "\r\n", "bc", "é").Array[0, 20].Select(string.Concat), Gen.Int[1, 4]).SampleAsync(async (text, size) =>
        {
            var expected = new List<string?>();
            var reader = new StringReader(text);
            while (reader.ReadLine() is { } line) expected.Add(line);
            return (await ReadAsync(new Pieces(text, size))).SequenceEqual(expected);
        });

    [Fact]
    public async Task A_line_without_end_takes_no_other_with_it_and_little_memory()
    {
        await File.WriteAllTextAsync(_path, $"Email\na@contoso.example\n{new string('x', 3 * BoundedLines.LongestLine)}\nb@contoso.example\n");
        var list = await DomainInsightFile.ReadAsync(_path, null, [], default);
        Assert.Equal(["a@contoso.example", "b@contoso.example"], list.Rows.Select(row => row.Email));
        Assert.Equal([3], list.BadLines);

        var problem = await Assert.ThrowsAsync<ProvisioningException>(() => AddressFile.ReadAsync(_path, null, default));
        Assert.Equal(ErrorIds.InvalidCsv, problem.ErrorId);
        Assert.Contains("line 3", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_without_end_is_given_up()
    {
        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(new Endless()));
    }

    [Fact]
    public async Task Too_many_rows_are_given_up()
    {
        await File.WriteAllTextAsync(_path, "Email\n" + string.Concat(Enumerable.Repeat("a\n", 2_000_001)));
        foreach (var read in new Func<Task>[] { () => AddressFile.ReadAsync(_path, null, default), () => DomainInsightFile.ReadAsync(_path, null, [], default) })
        {
            var problem = await Assert.ThrowsAsync<ProvisioningException>(read);
            Assert.Equal(ErrorIds.InvalidCsv, problem.ErrorId);
            Assert.Contains("more than 2,000,000 rows", problem.Message, StringComparison.Ordinal);
        }
    }

    private sealed class Pieces(string text, int size) : TextReader
    {
        private int _at;

        public override ValueTask<int> ReadAsync(Memory<char> buffer, CancellationToken cancellationToken = default)
        {
            var count = Math.Min(Math.Min(size, buffer.Length), text.Length - _at);
            text.AsSpan(_at, count).CopyTo(buffer.Span);
            _at += count;
            return ValueTask.FromResult(count);
        }
    }

    private sealed class Endless : TextReader
    {
        public override ValueTask<int> ReadAsync(Memory<char> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(buffer.Length);
    }
}
