using DropboxOktaProvisioning.Engine.Okta;

namespace DropboxOktaProvisioning.Engine.Tests.Okta;

public sealed class OktaDomainTests
{
    [Theory]
    [InlineData("contoso.okta.com", "https://contoso.okta.com")]
    [InlineData("https://contoso.okta.com", "https://contoso.okta.com")]
    [InlineData("https://contoso.okta.com/", "https://contoso.okta.com")]
    [InlineData("HTTPS://Contoso.Okta.com:443/", "https://contoso.okta.com")]
    [InlineData("  contoso.oktapreview.com\t", "https://contoso.oktapreview.com")]
    [InlineData("login.contoso.example", "https://login.contoso.example")]
    [InlineData("it-admin.contoso.example", "https://it-admin.contoso.example")]
    public void The_forms_that_people_write_are_taken(string text, string origin) => Assert.Equal(new Uri(origin), OktaDomain.Parse(text));

    [Theory]
    [InlineData(null, "empty")]
    [InlineData("", "empty")]
    [InlineData("  ", "empty")]
    [InlineData("contoso okta.com", "space")]
    [InlineData("contoso.okta.com\nx", "line break")]
    [InlineData("http://contoso.okta.com", "must be https")]
    [InlineData("ftp://contoso.okta.com", "must be https")]
    [InlineData("file:///etc/passwd", "not an address")]
    [InlineData("https://contoso.okta.com/api/v1", "path")]
    [InlineData("contoso.okta.com/app", "path")]
    [InlineData("https://contoso.okta.com/?q=1", "query")]
    [InlineData("https://contoso.okta.com/#x", "fragment")]
    [InlineData("https://ann@contoso.okta.com", "user name")]
    [InlineData("https://contoso.okta.com@elsewhere.example", "user name")]
    [InlineData("contoso.okta.com:8443", "port 8443")]
    [InlineData("contoso", "contoso.okta.com")]
    [InlineData("192.0.2.1", "number")]
    [InlineData("https://[::1]", "number")]
    [InlineData("cöntoso.okta.com", "xn--")]
    [InlineData("https://", "not an address")]
    [InlineData("contoso.okta.com\\x", "not an address")]
    [InlineData("contoso-admin.okta.com", "contoso.okta.com")]
    [InlineData("https://contoso-admin.oktapreview.com/", "contoso.oktapreview.com")]
    [InlineData("http://127.0.0.1:5000", "must be https")]
    public void Anything_else_is_refused_and_the_wrong_part_is_named(string? text, string named)
    {
        ProvisioningException error = Assert.Throws<ProvisioningException>(() => OktaDomain.Parse(text));

        Assert.Equal((ErrorIds.InvalidDomain, ProblemCategory.InvalidArgument), (error.ErrorId, error.Category));
        Assert.Contains(named, error.Message + error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void What_stands_around_the_host_is_never_quoted()
    {
        foreach (string text in new[] { "https://ann:hunter2@contoso.okta.com", "https://contoso.okta.com/?token=hunter2", "https://contoso.okta.com/hunter2", "hunter2 contoso" })
        {
            Assert.DoesNotContain("hunter2", Assert.Throws<ProvisioningException>(() => OktaDomain.Parse(text)).ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("http://127.0.0.1:5000/", "http://127.0.0.1:5000")]
    [InlineData("http://localhost:5000", "http://localhost:5000")]
    [InlineData("http://[::1]:5000", "http://[::1]:5000")]
    public void Http_is_taken_for_this_machine_where_that_is_allowed(string text, string origin) =>
        Assert.Equal(new Uri(origin), OktaDomain.Parse(text, allowLoopbackHttp: true));

    [Fact]
    public void Http_elsewhere_is_refused_even_so() =>
        Assert.Equal(ErrorIds.InvalidDomain, Assert.Throws<ProvisioningException>(() => OktaDomain.Parse("http://contoso.okta.com", true)).ErrorId);
}
