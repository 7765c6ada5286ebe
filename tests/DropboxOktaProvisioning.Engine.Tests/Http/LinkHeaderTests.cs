using CsCheck;
using DropboxOktaProvisioning.Engine.Http;

namespace DropboxOktaProvisioning.Engine.Tests.Http;

public sealed class LinkHeaderTests
{
    [Theory]
    [InlineData("<https://a/x?after=1>; rel=\"next\"", "https://a/x?after=1")]
    [InlineData("<https://a/x>; rel=next", "https://a/x")]
    [InlineData("<https://a/x> ;REL = \"NEXT\"", "https://a/x")]
    [InlineData("<https://a/s>; rel=\"self\", <https://a/n>; rel=\"next\"", "https://a/n")]
    [InlineData("<https://a/n>; rel=\"next\",<https://a/s>; rel=\"self\"", "https://a/n")]
    [InlineData("<https://a/x?ids=1,2;3>; title=\"a, <b>; rel=\\\"next\\\"\"; rel=\"next last\"", "https://a/x?ids=1,2;3")]
    [InlineData("<https://a/x>; rel=\"prev\"; rel=\"next\"", null)]
    [InlineData("<https://a/x>; rel=\"nextpage\"", null)]
    [InlineData("<https://a/x>; title=\"rel=next\"", null)]
    [InlineData("<https://a/x>", null)]
    [InlineData("<https://a/x; rel=\"next\"", null)]
    [InlineData("rel=\"next\"", null)]
    [InlineData("<https://a/x>; rel=\"next", "https://a/x")]
    [InlineData("", null)]
    public void The_next_link_is_found_in_every_form(string header, string? expected) =>
        Assert.Equal(expected is null ? [] : [expected], LinkHeader.Next([header]));

    [Fact]
    public void Links_are_read_back_as_they_were_written_repeated_or_joined()
    {
        Gen<string> target = Gen.Char["abc/?&=%2C,;:<\"._-~ "].Array[0, 20].Select(c => "https://contoso.okta.com/" + new string(c).Replace(" ", "", StringComparison.Ordinal));
        Gen<string> relation = Gen.OneOfConst("self", "next", "prev", "next last", "nextish");
        Gen<string> extra = Gen.OneOfConst("", "; title=\"x, y; rel=next\"", ";type=text/html", " ; flag");
        Gen<(string Target, string Relation, string Text)> link = Gen.Select(target, relation, extra, Gen.Bool, (t, r, e, quoted) =>
            (t, r, $"<{t}>{e}; rel={(quoted || r.Contains(' ', StringComparison.Ordinal) ? $"\"{r}\"" : r)}"));

        Gen.Select(link.Array[0, 6], Gen.Bool, Gen.OneOfConst(",", ", ", " , ")).Sample((links, joined, comma) =>
        {
            string[] texts = [.. links.Select(l => l.Text)];
            string[] headers = joined ? [string.Join(comma, texts)] : texts;
            string[] expected = [.. links.Where(l => l.Relation.Split(' ').Contains("next")).Select(l => l.Target)];
            return LinkHeader.Next(headers).SequenceEqual(expected);
        });
    }

    [Fact]
    public void Any_text_at_all_is_read_without_an_exception() =>
        Gen.Char["<>;,=\" \\relnxt"].Array[0, 40].Sample(chars => LinkHeader.Next([new string(chars)]).Count() <= chars.Length);
}
