using DropboxOktaProvisioning.Engine.Notices;
using DropboxOktaProvisioning.Engine.Okta;

namespace DropboxOktaProvisioning.Engine.Tests.Notices;

public sealed class OptOutListTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    private static readonly DropboxUserStatus Ada = new() { Email = "Ada@contoso.example", FurtherEmails = ["ada.alias@contoso.example"], OktaUserId = "00u1", TeamMemberId = "dbmid:1" };

    [Theory]
    [InlineData("Email\nADA@contoso.example", true)]
    [InlineData("ada@contoso.example", true)]
    [InlineData("Name;E-mail\nAda;ada.alias@contoso.example", true)]
    [InlineData("00u1", true)]
    [InlineData("OktaUserId,Email\n00u1,\n,eve@contoso.example", true)]
    [InlineData("TeamMemberId\ndbmid:1", true)]
    [InlineData("Email\neve@contoso.example\n\n", false)]
    [InlineData("00u11", false)]
    [InlineData("Email", false)]
    public async Task A_person_is_known_by_any_address_or_id(string text, bool isOnIt)
    {
        File.WriteAllText(_file, text);
        Assert.Equal(isOnIt, (await OptOutList.ReadAsync(_file, default)).Has(Ada));
    }

    [Theory]
    [InlineData("Email\nada@contoso.example\nnobody", ErrorIds.InvalidCsv, "Line 3")]
    [InlineData("Email,Team\nada@contoso.example,x\n,y", ErrorIds.InvalidCsv, "Line 3")]
    [InlineData("Email\n\"ada@contoso.example", ErrorIds.InvalidCsv, "Line 2")]
    [InlineData("ada@contoso.example\n00u bad", ErrorIds.InvalidCsv, "Line 2")]
    [InlineData("Name,Town\nAda,Berlin", ErrorIds.ColumnNotFound, "'Name', 'Town'")]
    public async Task A_list_that_cannot_be_read_whole_is_none(string text, string errorId, string words)
    {
        File.WriteAllText(_file, text);
        var problem = await Assert.ThrowsAsync<ProvisioningException>(() => OptOutList.ReadAsync(_file, default));
        Assert.Equal(errorId, problem.ErrorId);
        Assert.Contains(words, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_that_is_not_there_or_is_no_text_is_none()
    {
        File.WriteAllBytes(_file, [0x48, 0xff, 0xfe, 0xc3]);
        Assert.Equal(ErrorIds.InvalidCsv, (await Assert.ThrowsAsync<ProvisioningException>(() => OptOutList.ReadAsync(_file, default))).ErrorId);
        Assert.Equal(ErrorIds.FileNotFound, (await Assert.ThrowsAsync<ProvisioningException>(() => OptOutList.ReadAsync(_file + ".none", default))).ErrorId);
    }

    [Theory]
    [InlineData("Email\nCARA@contoso.example", true)]
    [InlineData("cara.login@contoso.example", true)]
    [InlineData("00u9", true)]
    [InlineData("00u1\ndbmid:1\nada@contoso.example", false)]
    [InlineData("Email", false)]
    public async Task A_manager_is_known_by_the_address_or_by_oktas_id_or_login(string text, bool isOnIt)
    {
        File.WriteAllText(_file, text);
        var directory = new ManagerDirectory((_, _) => Task.FromResult<OktaUser?>(new OktaUser { Id = "00u9", Status = "ACTIVE", Email = "cara@contoso.example", Login = "Cara.Login@contoso.example" }));
        var manager = (await directory.FindAsync(Ada with { ManagerId = "00u9" }, default)).Manager!;
        Assert.Equal(isOnIt, (await OptOutList.ReadAsync(_file, default)).Has(manager));
    }

    [Theory]
    [InlineData("00u9", null, "cara@contoso.example", "")]
    [InlineData("cara@contoso.example", null, "cara@contoso.example", "")]
    [InlineData("E-17", "cara@contoso.example", "cara@contoso.example", "")]
    [InlineData("E-17", "Cara Example", null, "neither an id nor a login")]
    [InlineData(null, "Cara Example", null, "neither an id nor a login")]
    [InlineData(null, null, null, "names no manager")]
    [InlineData("00u404", null, null, "has no user")]
    [InlineData("00uGone", null, null, "is DEPROVISIONED")]
    [InlineData("00uDown", null, null, "could not be looked up")]
    [InlineData("00uSelf", null, null, "their own manager")]
    [InlineData("00uAlias", null, null, "their own manager")]
    public async Task A_manager_is_looked_up_by_id_or_login_and_nothing_is_guessed(string? id, string? name, string? email, string problem)
    {
        static OktaUser User(string email, string status = "ACTIVE") => new() { Id = "00u9", Status = status, Email = email, FirstName = "Cara", LastName = "Example", Language = "de" };
        var asked = 0;
        var directory = new ManagerDirectory((idOrLogin, _) =>
        {
            asked++;
            return Task.FromResult(idOrLogin switch
            {
                "00u9" or "cara@contoso.example" => User("cara@contoso.example"),
                "00uGone" => User("gone@contoso.example", "DEPROVISIONED"),
                "00uSelf" => User("ADA@contoso.example"),
                "00uAlias" => User("a.example@contoso.example") with { Id = "00u1" },
                "00uDown" => throw new ProvisioningException("ServiceUnavailable", ProblemCategory.ConnectionError, "Okta is down.", null, "Wait."),
                _ => null,
            });
        });

        var found = await directory.FindAsync(Ada with { ManagerId = id, Manager = name }, default);
        Assert.Equal(email, found.Manager?.Email);
        if (email is not null) Assert.Equal(("Cara Example", "de"), (found.Manager!.Name, found.Manager.Language));
        Assert.Contains(problem, found.Problem, StringComparison.Ordinal);
        Assert.Equal(id == "00uDown", found.MayChange);
        await directory.FindAsync(Ada with { ManagerId = id, Manager = name }, default);
        Assert.InRange(asked, 0, 1);
    }
}
