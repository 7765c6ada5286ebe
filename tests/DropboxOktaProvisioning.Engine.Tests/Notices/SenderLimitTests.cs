using DropboxOktaProvisioning.Engine.Notices;

namespace DropboxOktaProvisioning.Engine.Tests.Notices;

public sealed class SenderLimitTests
{
    [Theory]
    [InlineData("ExchangeOnline", 30, 10_000)]
    [InlineData(" exchangeonline ", 30, 10_000)]
    [InlineData("GoogleWorkspace", null, 2_000)]
    [InlineData("AmazonSesSandbox", 60, 200)]
    [InlineData("30/min,10000/day", 30, 10_000)]
    [InlineData("10000/DAY , 30/minute", 30, 10_000)]
    [InlineData("100/min", 100, null)]
    [InlineData("1/day", null, 1)]
    public void Names_and_figures_are_read(string text, int? perMinute, int? perDay)
    {
        var limit = SenderLimit.Parse(text);

        Assert.Equal((perMinute, perDay), (limit.PerMinute, limit.PerDay));
        Assert.Equal(limit, SenderLimit.Parse(limit.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Exchange")]
    [InlineData("30")]
    [InlineData("0/min")]
    [InlineData("-5/min")]
    [InlineData("+5/min")]
    [InlineData("30/hour")]
    [InlineData("30/min,20/min")]
    [InlineData("30/min,")]
    [InlineData("30/min/day")]
    [InlineData("99999999999/day")]
    [InlineData("10,000/day")]
    public void What_is_neither_is_an_error_that_names_both_forms(string text)
    {
        var problem = Assert.Throws<ProvisioningException>(() => SenderLimit.Parse(text));

        Assert.Equal((ErrorIds.InvalidSenderLimit, ProblemCategory.InvalidArgument), (problem.ErrorId, problem.Category));
        Assert.Contains("ExchangeOnline", problem.RecommendedAction, StringComparison.Ordinal);
        Assert.Contains("30/min,10000/day", problem.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_name_is_a_limit() => Assert.All(SenderLimit.Names, name => Assert.NotEmpty(SenderLimit.Parse(name).ToString()));
}
