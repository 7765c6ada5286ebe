using DropboxOktaProvisioning.Engine.Http;

namespace DropboxOktaProvisioning.Engine.Tests.Http;

/// <summary>What an error about an address says of it.</summary>
public sealed class OriginsTests
{
    [Theory]
    [InlineData("graph.example/x?sig=4711", "graph.example")]
    [InlineData("graph.example?sig=4711", "graph.example")]
    [InlineData("graph.example#4711", "graph.example")]
    [InlineData("graph.example\\4711", "graph.example")]
    [InlineData("ada-4711@graph.example", "no whole address")]
    [InlineData("graph.example/x@4711", "no whole address")]
    [InlineData("?sig=4711", "no whole address")]
    [InlineData("http://ada:4711@graph.example:8080/4711?sig=4711#4711", "http://graph.example:8080")]
    [InlineData("ada:4711@graph.example/x", null)]
    [InlineData("graph.example:443/x?sig=4711", null)]
    public void An_address_that_is_refused_is_named_without_what_could_be_a_secret(string address, string? shown)
    {
        var error = Assert.Throws<ProvisioningException>(() => Origins.Check(new Uri(address, UriKind.RelativeOrAbsolute), allowLoopbackHttp: true));

        Assert.Equal(ErrorIds.InvalidDomain, error.ErrorId);
        Assert.DoesNotContain("4711", $"{error} {error.Target}", StringComparison.Ordinal);
        if (shown is not null) Assert.Equal(($"The service's address must start with https://, and this is {shown}; http is taken only for a sandbox on this machine.", shown), (error.Message, error.Target));
    }
}
