using System.Text.Encodings.Web;
using CsCheck;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Notices;
using DropboxOktaProvisioning.Engine.Verification;

namespace DropboxOktaProvisioning.Engine.Tests;

/// <summary>Files and texts that people hand in, broken in every way: they are read, or refused with an error of ours. FUZZ_CASES sets how many; a failure prints its seed.</summary>
public sealed class HostileInputTests
{
    private static readonly long Cases = long.TryParse(Environment.GetEnvironmentVariable("FUZZ_CASES"), out long cases) ? cases : 20_000;

    private static Gen<string> Pieces(params string[] pieces) =>
        Gen.OneOf(Gen.OneOfConst(pieces), Gen.String[0, 4]).Array[0, 25].Select(string.Concat);

    [Fact]
    public async Task Csv_files() => await Pieces("Email", ";", ",", "\t", "\"", "\"\"", "\r\n", "\n", "\r", "a@contoso.example", "=1+1", "\0", "\uFEFF", "\ud800", "é", "'").SampleAsync(
        async text =>
        {
            var last = 0;
            await foreach (var row in CsvRows.ReadAsync(new StringReader(text), default))
            {
                // Lines only go on, and no more come out than went in.
                if (row.Line < last) return false;
                last = row.Line;
            }

            return last <= text.Length + 1;
        },
        iter: Cases);

    [Fact]
    public void Link_headers() => Pieces("<", ">", ";", ",", "rel", "=", "\"", "\\", "next", "self", " ", "https://contoso.example/a?b=c,d;e", "\ud800", "\0").Array[0, 3].Sample(
        headers =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var targets = LinkHeader.Next(headers).ToList();
            if (GC.GetAllocatedBytesForCurrentThread() - before > 10_000 + (100 * headers.Sum(header => header.Length))) return false;
            // Each target stands in one of the headers between brackets, and no header holds more of them than it has brackets.
            return targets.Count <= headers.Sum(header => header.Count(character => character == '>'))
                && targets.All(target => headers.Any(header => header.Contains(target, StringComparison.Ordinal)));
        },
        iter: Cases);

    [Fact]
    public void Addresses() => Pieces("@", ".", "contoso", ".example", "a", " ", "\t", "<", "\"", "\u202E", "ſ", "K", "\ud83d\ude00", "\0").Sample(
        text =>
        {
            try
            {
                return EmailAddress.Parse(text) is { Length: <= 255 } address && EmailAddress.DomainOf(address).Contains('.', StringComparison.Ordinal) && !address.Any(char.IsControl);
            }
            catch (ProvisioningException refused)
            {
                return refused.ErrorId == ErrorIds.InvalidAddress && refused.Message.Length < 300 && !refused.Message.Any(char.IsControl);
            }
        },
        iter: Cases);

    // What could nest, up to the longest template: a stack that overflows takes the whole process with it.
    private static readonly Gen<string> Deep = Gen.Select(
        Gen.OneOfConst("{{ ", "{% if ", "{% assign x = ", "{% for i in ", "{% case a %}{% when ", ""),
        Gen.OneOfConst("{% if a %}", "{%-for i in people-%}", "{% unless a %}{% else %}", "{% capture x %}", "{% case a %}{% when a %}", "{% tablerow i in people %}", "{% ifchanged %}",
            "{% liquid ", "{% raw %}{% endif %}{% endraw %}{% if a %}", "{{ '{%' }}{% if a %}", "(", "[", "a[", "(a[", "[a][", " and a", " or a == a", " | upcase", ".a", "(1..2", ", a", "'", "{"),
        Gen.Int[0, TemplateFile.LongestText],
        Gen.OneOfConst("", "]", " %}", " }}", "{% endif %}"),
        (start, one, length, end) => start + "a" + string.Concat(Enumerable.Repeat(one, length / one.Length)) + end);

    [Fact]
    public void Templates() => Gen.Frequency((500, Pieces(
        "{{", "}}", "{%", "%}", "person.name", "person.nothing", " | upcase", " | ", "if ", "endif", "for i in (1..1000000000)", "endfor", "assign x = ", "include 'x'", "raw", "\"", "'", "<b>", "{{ person.name }}")), (1, Deep)).Sample(
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
        },
        iter: Cases);
}
