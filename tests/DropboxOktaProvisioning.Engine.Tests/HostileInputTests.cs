using System.Collections.Concurrent;
using System.Text;
using System.Text.Encodings.Web;
using CsCheck;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Notices;
using DropboxOktaProvisioning.Engine.Verification;

namespace DropboxOktaProvisioning.Engine.Tests;

/// <summary>Files and texts that people hand in, broken in every way: they are read, or refused with an error of ours.</summary>
public sealed class HostileInputTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fuzz-").FullName;
    private readonly ConcurrentBag<string> _files = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Gen<string> Pieces(params string[] pieces) =>
        Gen.OneOf(Gen.OneOfConst(pieces), Gen.String[0, 4]).Array[0, 25].Select(string.Concat);

    // What a list of people is made of, broken.
    private static readonly Gen<string> Csv = Pieces(
        "Email", ";", ",", "\t", "\"", "\"\"", "\r\n", "\n", "\r", "a@contoso.example", "b@fabrikam.example", "=1+1", "\0", "\uFEFF", "\ud800", "é", "'", "Account type", "Dropbox Basic");

    [Fact, Trait("Category", "Fuzz")]
    public void Csv_files() => Fuzz.Try(Csv, text => Fuzz.Within(100_000 + (500L * text.Length), () =>
    {
        var last = 0;
        foreach (var row in CsvRows.ReadAsync(new StringReader(text), default).ToBlockingEnumerable())
        {
            // Lines only go on, and no more come out than went in.
            if (row.Line < last) return false;
            last = row.Line;
        }

        return last <= text.Length + 1;
    }));

    [Fact, Trait("Category", "Fuzz")]
    public Task Files_of_addresses() => Fuzz.TryAsync(Csv.Select(Gen.Bool, Gen.Bool), of => IsReadOrRefusedAsync(of.Item1, of.Item2, async path =>
    {
        var list = await AddressFile.ReadAsync(path, of.Item3 ? "Email" : null, default);
        return list.Addresses.All(address => address.Length > 0) && list.Addresses.Count + list.Problems.Count <= of.Item1.Length + 1;
    }));

    [Fact, Trait("Category", "Fuzz")]
    public Task Lists_of_personal_accounts() => Fuzz.TryAsync(Csv.Select(Gen.Bool, Gen.Bool), of => IsReadOrRefusedAsync(of.Item1, of.Item2, async path =>
    {
        var list = await DomainInsightFile.ReadAsync(path, null, of.Item3 ? ["contoso.example"] : [], default);
        return list.Rows.All(row => EmailAddress.IsValid(row.Email)) && list.Summary.Length < 500
            && list.Rows.Count + list.Duplicates + list.OtherDomains + list.Empty + list.BadLines.Count <= of.Item1.Length + 1;
    }));

    // What the rows of a file allocate is bounded above: a file is read on other threads.
    private async Task<bool> IsReadOrRefusedAsync(string text, bool isUtf8, Func<string, Task<bool>> read)
    {
        // Cases are tried side by side, and a file is used again by a later one.
        if (!_files.TryTake(out var path)) path = Path.Combine(_folder, Path.GetRandomFileName());
        await File.WriteAllBytesAsync(path, (isUtf8 ? Encoding.UTF8 : Encoding.Latin1).GetBytes(text));
        try
        {
            return await read(path);
        }
        catch (ProvisioningException refused)
        {
            return refused.ErrorId is ErrorIds.InvalidCsv or ErrorIds.ColumnNotFound && refused.Message.Length < 2000;
        }
        finally
        {
            _files.Add(path);
        }
    }

    [Fact, Trait("Category", "Fuzz")]
    public void Link_headers() => Fuzz.Try(Pieces("<", ">", ";", ",", "rel", "=", "\"", "\\", "next", "self", " ", "https://contoso.example/a?b=c,d;e", "\ud800", "\0").Array[0, 3],
        headers =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var targets = LinkHeader.Next(headers).ToList();
            if (GC.GetAllocatedBytesForCurrentThread() - before > 10_000 + (100 * headers.Sum(header => header.Length))) return false;
            // Each target stands in one of the headers between brackets, and no header holds more of them than it has brackets.
            return targets.Count <= headers.Sum(header => header.Count(character => character == '>'))
                && targets.All(target => headers.Any(header => header.Contains(target, StringComparison.Ordinal)));
        });

    [Fact, Trait("Category", "Fuzz")]
    public void Addresses() => Fuzz.Try(Pieces("@", ".", "contoso", ".example", "a", " ", "\t", "<", "\"", "\u202E", "ſ", "K", "\ud83d\ude00", "\0"), text => Fuzz.Within(10_000, () =>
        {
            try
            {
                return EmailAddress.Parse(text) is { Length: <= 255 } address && EmailAddress.DomainOf(address).Contains('.', StringComparison.Ordinal) && !address.Any(char.IsControl);
            }
            catch (ProvisioningException refused)
            {
                return refused.ErrorId == ErrorIds.InvalidAddress && refused.Message.Length < 300 && !refused.Message.Any(char.IsControl);
            }
        }));

    // What could nest, up to the longest template: a stack that overflows takes the whole process with it.
    private static readonly Gen<string> Deep = Gen.Select(
        Gen.OneOfConst("{{ ", "{% if ", "{% assign x = ", "{% for i in ", "{% case a %}{% when ", ""),
        Gen.OneOfConst("{% if a %}", "{%-for i in people-%}", "{% unless a %}{% else %}", "{% capture x %}", "{% case a %}{% when a %}", "{% tablerow i in people %}", "{% ifchanged %}",
            "{% liquid ", "{% raw %}{% endif %}{% endraw %}{% if a %}", "{{ '{%' }}{% if a %}", "(", "[", "a[", "(a[", "[a][", " and a", " or a == a", " | upcase", ".a", "(1..2", ", a", "'", "{"),
        Gen.Int[0, TemplateFile.LongestText],
        Gen.OneOfConst("", "]", " %}", " }}", "{% endif %}"),
        (start, one, length, end) => start + "a" + string.Concat(Enumerable.Repeat(one, length / one.Length)) + end);

    [Fact, Trait("Category", "Fuzz")]
    public void Templates() => Fuzz.Try(Gen.Frequency((500, Pieces(
        "{{", "}}", "{%", "%}", "person.name", "person.nothing", " | upcase", " | ", "if ", "endif", "for i in (1..1000000000)", "endfor", "assign x = ", "include 'x'", "raw", "\"", "'", "<b>", "{{ person.name }}")), (1, Deep)),
        text =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                var rendered = TemplateFile.Parse("x.liquid", text, HtmlEncoder.Default).Render(new Dictionary<string, object?> { ["person"] = new Dictionary<string, object?> { ["name"] = "<script>alert(1)</script>" } }, "en");
                if (rendered.Length > TemplateFile.LongestText || rendered.Contains("<script>alert", StringComparison.Ordinal)) return false;
            }
            catch (ProvisioningException refused) when (refused.ErrorId == ErrorIds.TemplateInvalid)
            {
                // Refused as it should be.
            }

            // A few hundred characters take some hundred kilobytes; a range that is laid out, or a text that doubles, takes gigabytes.
            return GC.GetAllocatedBytesForCurrentThread() - before < 10_000_000 + (1_000L * text.Length);
        });
}
