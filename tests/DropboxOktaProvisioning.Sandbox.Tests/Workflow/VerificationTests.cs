using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Verification;

namespace DropboxOktaProvisioning.Sandbox.Tests.Workflow;

/// <summary>What the verification finds out, held against what the sandbox knows to be true.</summary>
public sealed class VerificationTests
{
    [Theory]
    [InlineData(50, 1)]
    [InlineData(200, 1)]
    [InlineData(200, 7)]
    [InlineData(1500, 3)]
    public async Task Everybody_on_the_domain_is_found_once_and_at_the_true_stage(int users, int seed)
    {
        using var sandbox = await SandboxConnections.OpenAsync(users, seed);
        var (rows, problems) = await sandbox.VerifyAsync(new VerificationScope.Domains(["contoso.example"]));

        Assert.Empty(problems);
        Assert.Equal(rows.Count, rows.Select(row => row.Email.ToLowerInvariant()).Distinct().Count());
        Assert.Equal(
            sandbox.World.People.Select(person => $"{person.Email.ToLowerInvariant()} {person.Stage}").Order(),
            rows.Select(row => $"{row.Email.ToLowerInvariant()} {row.Stage}").Order());
    }

    [Fact]
    public async Task Everyone_is_all_who_are_assigned_and_all_who_are_or_were_on_the_team()
    {
        using var sandbox = await SandboxConnections.OpenAsync();
        var (rows, _) = await sandbox.VerifyAsync();
        Assert.Equal(
            sandbox.World.People.Where(person => person.Stage is not SandboxStage.NotAssigned).Select(person => person.Email.ToLowerInvariant()).Order(),
            rows.Select(row => row.Email.ToLowerInvariant()).Order());
    }

    [Fact]
    public async Task A_few_people_are_asked_for_one_by_one_and_come_out_as_in_the_list_of_all()
    {
        using var sandbox = await SandboxConnections.OpenAsync(400);
        var everybody = (await sandbox.VerifyAsync(new VerificationScope.Domains(["contoso.example"]))).Rows.ToDictionary(row => row.Email, StringComparer.OrdinalIgnoreCase);

        foreach (var stage in Enum.GetValues<SandboxStage>())
        {
            var asked = sandbox.World.People.Where(person => person.Stage == stage).Select(person => person.Email).Take(Verifier.FewPeople).ToArray();
            var before = sandbox.World.Requests.Count;
            var (rows, problems) = await sandbox.VerifyAsync(new VerificationScope.People(asked));

            Assert.Empty(problems);
            Assert.Equal(asked.Length, rows.Count);
            foreach (var row in rows) Assert.Equal((row.Email, everybody[row.Email].Stage, everybody[row.Email].Reason), (row.Email, row.Stage, row.Reason));
            Assert.DoesNotContain(sandbox.World.Requests.Skip(before), request => request.Path.Contains("members/list", StringComparison.Ordinal) || request.Path.EndsWith("/users", StringComparison.Ordinal) && !request.Path.Contains('?', StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Who_is_asked_for_by_an_address_that_only_Dropbox_has_is_the_same_person_and_comes_once()
    {
        using var sandbox = await SandboxConnections.OpenSettledAsync(400);
        var everybody = (await sandbox.VerifyAsync()).Rows.Where(row => row.OktaUserId is not null && row.Stage is not ProvisioningStage.Conflict && row.FurtherEmails.Count > 0).Take(10).ToArray();
        Assert.NotEmpty(everybody);
        foreach (var person in everybody)
        {
            var alone = (await sandbox.VerifyAsync(new VerificationScope.People([person.FurtherEmails[^1]]))).Rows.Single();
            Assert.Equal((person.OktaUserId, person.Stage, person.Reason), (alone.OktaUserId, alone.Stage, alone.Reason));
            Assert.Single((await sandbox.VerifyAsync(new VerificationScope.People([person.Email, .. person.FurtherEmails]))).Rows);
        }
    }

    [Fact]
    public async Task Where_people_work_comes_along_alike_from_the_list_and_one_by_one()
    {
        static (string?, string?, string?, string?, string?, string?) Work(DropboxUserStatus row) =>
            (row.Department, row.Language, row.TimeZone, row.CountryCode, row.Manager, row.ManagerId);
        using var sandbox = await SandboxConnections.OpenAsync(400);
        var everybody = (await sandbox.VerifyAsync()).Rows.ToDictionary(row => row.Email, StringComparer.OrdinalIgnoreCase);
        var inOkta = everybody.Values.Where(row => row.OktaUserId is not null).ToArray();

        Assert.All(inOkta, row => Assert.NotNull(row.Department));
        Assert.All(everybody.Values.Except(inOkta), row => Assert.Equal(default, Work(row)));
        Assert.Superset(new HashSet<string?> { "de-DE", "de_DE", "en_US", "fr_FR", "ja_JP", null }, inOkta.Select(row => row.Language).ToHashSet());
        Assert.Superset(new HashSet<string?> { "Europe/Berlin", "Asia/Tokyo", null }, inOkta.Select(row => row.TimeZone).ToHashSet());
        // Most managers stand in the rows, by id or login; some are numbers of another system.
        Assert.All(inOkta.Where(row => row.ManagerId?.StartsWith("00u", StringComparison.Ordinal) is true), row =>
            Assert.Contains(row.ManagerId, sandbox.World.People.Where(person => person.Name == row.Manager).Select(person => person.OktaUserId)));
        Assert.Contains(inOkta, row => row.ManagerId?.StartsWith("E-", StringComparison.Ordinal) is true);
        Assert.Contains(inOkta, row => row.ManagerId?.Contains('@', StringComparison.Ordinal) is true);

        var few = (await sandbox.VerifyAsync(new VerificationScope.People([.. inOkta.Take(Verifier.FewPeople).Select(row => row.Email)]))).Rows;
        Assert.All(few, row => Assert.Equal(Work(everybody[row.Email]), Work(row)));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(60)]
    public async Task A_name_that_nobody_has_is_a_problem_of_that_name_and_the_others_go_on(int others)
    {
        using var sandbox = await SandboxConnections.OpenAsync();
        var asked = sandbox.World.People.Select(person => person.Email).Take(others).ToList();
        asked.Insert(3, "nobody@contoso.example");
        asked.Insert(5, "no-address");
        asked.Add(asked[0].ToUpperInvariant());

        var (rows, problems) = await sandbox.VerifyAsync(new VerificationScope.People(asked));

        Assert.Equal(sandbox.World.People.Select(person => person.Email).Take(others), rows.Select(row => row.Email), StringComparer.OrdinalIgnoreCase);
        Assert.Equal(
            [(ErrorIds.InvalidAddress, "no-address"), (ErrorIds.PersonNotFound, "nobody@contoso.example")],
            problems.Select(problem => (problem.ErrorId, problem.Target)).Order());
    }

    [Fact]
    public async Task A_list_of_personal_accounts_marks_the_people_on_it()
    {
        using var sandbox = await SandboxConnections.OpenAsync();
        var waiting = sandbox.World.People.First(person => person.Stage is SandboxStage.AwaitingActivation).Email;
        var (rows, _) = await sandbox.VerifyAsync(personal: [waiting.ToUpperInvariant()]);

        var row = rows.Single(row => row.Email.Equals(waiting, StringComparison.OrdinalIgnoreCase));
        Assert.Equal(PersonalAccountLikelihood.Confirmed, row.PersonalAccount);
        Assert.Contains(row.Evidence, evidence => evidence.Basis is FactBasis.AdminStatement);
        Assert.True(row.DaysWaiting >= 0);
        Assert.NotNull(row.TileUrl);
    }

    [Fact]
    public async Task A_group_is_its_people_and_no_others()
    {
        using var sandbox = await SandboxConnections.OpenAsync();
        var (rows, problems) = await sandbox.VerifyAsync(new VerificationScope.Groups(["Engineering"]));
        Assert.Empty(problems);
        Assert.NotEmpty(rows);
        Assert.True(rows.Count < sandbox.World.People.Count);
        Assert.All(rows, row => Assert.NotNull(row.OktaUserId));
    }

    [Fact]
    public async Task A_group_that_is_not_there_is_a_problem_of_its_name()
    {
        using var sandbox = await SandboxConnections.OpenAsync();
        var (rows, problems) = await sandbox.VerifyAsync(new VerificationScope.Groups(["Engineering", "No Such Group"]));
        Assert.NotEmpty(rows);
        Assert.Equal((ErrorIds.GroupNotFound, "No Such Group"), (Assert.Single(problems).ErrorId, problems[0].Target));
    }
}
