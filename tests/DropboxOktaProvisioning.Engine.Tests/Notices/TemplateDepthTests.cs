using System.Runtime.ExceptionServices;
using System.Text.Encodings.Web;
using DropboxOktaProvisioning.Engine.Notices;

namespace DropboxOktaProvisioning.Engine.Tests.Notices;

/// <summary>Templates that nest, on the smallest stack that a thread has anywhere: one that overflows ends the process and all of these tests.</summary>
public sealed class TemplateDepthTests
{
    private const string Condition = "{% if team == 'Contoso' %}yes{% endif %}";

    private static readonly Dictionary<string, object?> Values = new()
    {
        ["team"] = "Contoso", ["people"] = new[] { "ada" }, ["nobody"] = Array.Empty<string>(), ["absent"] = false, ["words"] = new Dictionary<string, object?> { ["a"] = "a" },
    };

    [Theory]
    [InlineData("", "{% if team %}", "", "blocks are nested more than 50 deep")]
    [InlineData("", "{%if team%}", "", "blocks are nested more than 50 deep")]
    [InlineData("", "{%- unless absent -%}", "", "blocks are nested more than 50 deep")]
    [InlineData("", "{% for p in people %}", "", "blocks are nested more than 50 deep")]
    [InlineData("", "{% for p in nobody %}{% else %}", "", "blocks are nested more than 50 deep")]
    [InlineData("", "{% if absent %}{% elsif team %}{% unless team %}{% else %}", "", "blocks are nested more than 50 deep")]
    [InlineData("", "{% case team %}{% when 'Contoso' %}", "", "blocks are nested more than 50 deep")]
    [InlineData("", "{% capture x %}", "", "blocks are nested more than 50 deep")]
    [InlineData("", "{% ifchanged %}", "", "blocks are nested more than 50 deep")]
    [InlineData("", "{% tablerow p in people %}", "", "blocks are nested more than 50 deep")]
    [InlineData("", "{{ '{% endif %}' }}{% if team %}", "", "blocks are nested more than 50 deep")]
    [InlineData("", "{% raw %}{% endif %}{% endraw %}{% if team %}", "", "blocks are nested more than 50 deep")]
    [InlineData("", "{% comment %}{% endif %}{% endcomment %}{% if team %}", "", "blocks are nested more than 50 deep")]
    [InlineData("", "{% liquid ", "", "liquid")]
    [InlineData("{% ", "liquid ", "", "liquid")]
    [InlineData("{% liquid\n", "if team\n", "", "liquid")]
    [InlineData("{{ ", "(", "", "brackets are nested more than 8 deep")]
    [InlineData("{% if ", "(", "", "brackets are nested more than 8 deep")]
    [InlineData("{{ ", "words[", "", "brackets are nested more than 8 deep")]
    [InlineData("{{ words | append: ", "words[", "", "brackets are nested more than 8 deep")]
    [InlineData("{% for p in ", "(words[", "", "brackets are nested more than 8 deep")]
    [InlineData("{{ team", " and team", " }}", "more than 100")]
    [InlineData("{% if team", " or team == 'x'", " %}{% endif %}", "more than 100")]
    [InlineData("{% unless team", " and team", " %}{% endunless %}", "more than 100")]
    [InlineData("{% if absent %}{% elsif team", " and team", " %}{% endif %}", "more than 100")]
    [InlineData("{% assign x = team", " and team", " %}", "more than 100")]
    [InlineData("{% assign x = team", " | upcase", " %}", "more than 100")]
    [InlineData("{{ team", "|upcase", " }}", "more than 100")]
    [InlineData("{% echo team", "|upcase", " %}", "more than 100")]
    public void What_nests_to_the_length_of_the_longest_template_is_refused(string start, string one, string end, string words)
    {
        var source = start + string.Concat(Enumerable.Repeat(one, (TemplateFile.LongestText - start.Length - end.Length) / one.Length)) + end;
        var problem = Assert.Throws<ProvisioningException>(() => Fill(source));
        Assert.Equal(ErrorIds.TemplateInvalid, problem.ErrorId);
        Assert.Contains(words, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{% if team %}", "{% endif %}")]
    [InlineData("{% if absent %}{% else %}", "{% endif %}")]
    [InlineData("{% if absent %}{% elsif team %}", "{% endif %}")]
    [InlineData("{% unless absent %}", "{% endunless %}")]
    [InlineData("{% for p in people %}", "{% endfor %}")]
    [InlineData("{% for p in nobody %}{% else %}", "{% endfor %}")]
    [InlineData("{% case team %}{% when 'Contoso' %}", "{% endcase %}")]
    [InlineData("{% capture x %}", "{% endcapture %}{{ x }}")]
    [InlineData("{% tablerow p in people %}", "{% endtablerow %}")]
    public void Fifty_blocks_in_each_other_are_filled_in_and_one_more_is_refused(string open, string close)
    {
        Assert.Contains("yes", Fill(Nested(open, close, TemplateParser.DeepestBlock - 1, Condition)), StringComparison.Ordinal);
        Assert.Contains("nested", Assert.Throws<ProvisioningException>(() => Fill(Nested(open, close, TemplateParser.DeepestBlock, Condition))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_longest_expressions_in_the_deepest_block_are_filled_in()
    {
        var both = $"{{% if {string.Join(" and ", Enumerable.Repeat("team", TemplateGuard.DeepestExpression))} %}}{{{{ team{string.Concat(Enumerable.Repeat(" | downcase", TemplateGuard.DeepestExpression - 1))} }}}}{{% endif %}}";
        Assert.Equal("contoso", Fill(Nested("{% if team %}", "{% endif %}", TemplateParser.DeepestBlock - 1, both)));
        Assert.Equal("a", Fill(Nested("{% if team %}", "{% endif %}", TemplateParser.DeepestBlock, $"{{{{ {Nested("words[", "]", TemplateParser.DeepestBracket, "'a'")} }}}}")));
    }

    [Fact]
    public void A_template_after_one_that_is_refused_may_be_as_deep_as_before()
    {
        var deepest = Nested("{% if team %}", "{% endif %}", TemplateParser.DeepestBlock, "yes");
        Assert.Equal(["yes", "", "yes"], OnSmallStack(() => new[] { deepest, "{% if team %}" + deepest + "{% endif %}", deepest }.Select(FillOrNothing).ToArray()));
    }

    [Fact]
    public void Many_blocks_beside_each_other_do_not_nest() =>
        Assert.Equal(2_000 * 3, Fill(string.Concat(Enumerable.Repeat(Condition, 2_000))).Length);

    [Theory]
    [InlineData("{{ words[(1..2000000000)] }}")]
    [InlineData("{% for p in words[words[(1..2000000000)]] %}{% endfor %}")]
    public void A_range_between_brackets_is_refused_as_elsewhere(string source) =>
        Assert.Contains("range", Assert.Throws<ProvisioningException>(() => Fill(source)).Message, StringComparison.Ordinal);

    private static string Nested(string open, string close, int times, string inner) =>
        string.Concat(Enumerable.Repeat(open, times)) + inner + string.Concat(Enumerable.Repeat(close, times));

    private static string Fill(string source) => OnSmallStack(() => TemplateFile.Parse("x.liquid", source, HtmlEncoder.Default).Render(Values, "en"));

    private static string FillOrNothing(string source)
    {
        try
        {
            return TemplateFile.Parse("x.liquid", source, HtmlEncoder.Default).Render(Values, "en");
        }
        catch (ProvisioningException)
        {
            return "";
        }
    }

    private static T OnSmallStack<T>(Func<T> work)
    {
        var result = default(T);
        ExceptionDispatchInfo? problem = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    result = work();
                }
                catch (ProvisioningException refused)
                {
                    problem = ExceptionDispatchInfo.Capture(refused);
                }
            },
            512 * 1024);
        thread.Start();
        thread.Join();
        problem?.Throw();
        return result!;
    }
}
