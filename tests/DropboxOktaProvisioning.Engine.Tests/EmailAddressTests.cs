namespace DropboxOktaProvisioning.Engine.Tests;

public sealed class EmailAddressTests
{
    [Theory]
    [InlineData("pat@contoso.example")]
    [InlineData("  pat.o'neil+x@mail.contoso.example ")]
    [InlineData("jürgen@contoso.example")]
    public void An_address_is_taken_and_trimmed(string text) => Assert.Equal(text.Trim(), EmailAddress.Parse(text));

    [Theory]
    [InlineData("", "empty")]
    [InlineData("contoso.example", "no @")]
    [InlineData("@contoso.example", "before the @")]
    [InlineData("pat@", "no domain")]
    [InlineData("pat@contoso", "no domain")]
    [InlineData("pat@contoso..example", "no domain")]
    [InlineData("pat@sam@contoso.example", "more than one")]
    [InlineData("pat sample@contoso.example", "space")]
    [InlineData("pat@contoso.example\r\nBcc: x@example.com", "space or a control")]
    [InlineData("<pat@contoso.example>", "may not have")]
    public void What_is_wrong_with_it_is_told(string text, string fault)
    {
        var problem = Assert.Throws<ProvisioningException>(() => EmailAddress.Parse(text));
        Assert.Equal((ErrorIds.InvalidAddress, text), (problem.ErrorId, problem.Target));
        Assert.Contains(fault, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problem.Message);
    }

    [Fact]
    public void An_overlong_address_is_refused() => Assert.Throws<ProvisioningException>(() => EmailAddress.Parse(new string('a', 300) + "@contoso.example"));
}
