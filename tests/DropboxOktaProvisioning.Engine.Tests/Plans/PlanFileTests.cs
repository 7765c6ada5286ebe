using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using DropboxOktaProvisioning.Engine.Plans;
using static DropboxOktaProvisioning.Engine.Tests.Plans.PlanWorld;

namespace DropboxOktaProvisioning.Engine.Tests.Plans;

/// <summary>A plan's file: what comes out is what went in, and anything else is refused.</summary>
public sealed class PlanFileTests : IDisposable
{
    private static readonly string[] Nasty =
    [
        "null", "true", "[]", "{}", "\"\"", "-1", "1e999", "\"\\ud800\"", "\"\\u0000\"", "[[[[[[[[[", "{\"a\":{\"a\":{\"a\":", "\"people\":null,", "\"people\":[null],", "\"state\":\"Sent\",", "\"stage\":99,",
        "\"scope\":{},", "\"samples\":7,", "\"oktaOrg\":\"x\",", "\"version\":3,", "\"version\":\"1\",", "\"hash\":null,", "}", "]", ",", ":", "\"2026-13-45\"", "\uFEFF",
    ];

    private readonly PlanWorld _world = new();

    public void Dispose() => _world.Dispose();

    private string PathOf(string name) => Path.Combine(_world.Fixture.Folder, name);

    private Task<ProvisioningPlan> MakeAsync(int people = 5) =>
        _world.PlanAsync([.. Enumerable.Range(0, people).Select(i => WhoWaits(i) with { Stage = i % 2 == 0 ? ProvisioningStage.AwaitingActivation : ProvisioningStage.Active })]);

    private async Task<byte[]> BytesAsync()
    {
        await PlanFile.WriteAsync(await MakeAsync(), PathOf("plan.json"), overwrite: true, CancellationToken.None);
        return await File.ReadAllBytesAsync(PathOf("plan.json"));
    }

    private static ProvisioningException Refused(string json) => Assert.Throws<ProvisioningException>(() => PlanFile.Parse(Encoding.UTF8.GetBytes(json), "plan.json"));

    [Fact]
    public async Task A_plan_comes_out_as_it_went_in_however_the_file_is_laid_out()
    {
        var plan = await MakeAsync();
        await PlanFile.WriteAsync(plan, PathOf("plan.json"), overwrite: false, CancellationToken.None);
        var read = await PlanFile.ReadAsync(PathOf("plan.json"), CancellationToken.None);
        Assert.Equal((plan.Hash, PathOf("plan.json"), plan.People.Count), (read.Hash, read.Path, read.People.Count));
        Assert.Equal(plan.People, read.People);
        Assert.Equal(plan.Samples, read.Samples);
        Assert.Equal((plan.CreatedOn, plan.OktaOrg, plan.Words.Digest, plan.Switch), (read.CreatedOn, read.OktaOrg, read.Words.Digest, read.Switch));

        var text = await File.ReadAllTextAsync(PathOf("plan.json"));
        foreach (var other in new[] { text.ReplaceLineEndings("\r\n"), JsonNode.Parse(text)!.ToJsonString(), "\uFEFF" + text })
            Assert.Equal(plan.Hash, PlanFile.Parse(Encoding.UTF8.GetBytes(other), null).Hash);
    }

    [Fact]
    public async Task The_file_appears_whole_or_not_at_all_and_one_that_is_there_stays()
    {
        var plan = await MakeAsync();
        await File.WriteAllTextAsync(PathOf("plan.json"), "mine");
        Assert.Equal(ErrorIds.PlanExists, (await Assert.ThrowsAsync<ProvisioningException>(() => PlanFile.WriteAsync(plan, PathOf("plan.json"), overwrite: false, CancellationToken.None))).ErrorId);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => PlanFile.WriteAsync(plan, PathOf("plan.json"), overwrite: true, new CancellationToken(canceled: true)));
        Assert.Equal(ErrorIds.PlanUnwritable, (await Assert.ThrowsAsync<ProvisioningException>(() => PlanFile.WriteAsync(plan, PathOf("none/plan.json"), overwrite: true, CancellationToken.None))).ErrorId);
        Assert.Equal(ErrorIds.PlanUnwritable, (await Assert.ThrowsAsync<ProvisioningException>(() => PlanFile.WriteAsync(plan, _world.Fixture.Folder, overwrite: true, CancellationToken.None))).ErrorId);
        Assert.Equal("mine", await File.ReadAllTextAsync(PathOf("plan.json")));
        Assert.Equal([PathOf("plan.json")], Directory.GetFileSystemEntries(_world.Fixture.Folder));
    }

    [Fact]
    public async Task Every_change_of_the_file_is_seen()
    {
        var text = Encoding.UTF8.GetString(await BytesAsync());
        foreach (var (from, to) in new[]
        {
            ("p0@contoso.example", "mallory@contoso.example"), ("\"state\": \"Skipped\"", "\"state\": \"Planned\""), ("\"changes\": false", "\"changes\": true"), ("dbtid:one", "dbtid:two"),
            ("\"kind\": \"Everyone\"", "\"kind\": \"Groups\""), ("2026-03-02T09:00:00", "2027-03-02T09:00:00"), ("\"resendUnknown\": false", "\"resendUnknown\": true"),
        })
        {
            Assert.Contains(from, text, StringComparison.Ordinal);
            Assert.Equal(ErrorIds.PlanChanged, Refused(text.Replace(from, to, StringComparison.Ordinal)).ErrorId);
        }
    }

    [Theory]
    [InlineData("", "PlanInvalid")]
    [InlineData("null", "PlanInvalid")]
    [InlineData("[]", "PlanInvalid")]
    [InlineData("{}", "PlanInvalid")]
    [InlineData("{\"version\":2}", "PlanInvalid")]
    [InlineData("{\"version\":2,\"hash\":\"x\",\"plan\":{}}", "PlanInvalid")]
    [InlineData("{\"version\":2,\"hash\":\"x\",\"plan\":{\"surprise\":1}}", "PlanInvalid")]
    [InlineData("{\"version\":0,\"hash\":\"x\",\"plan\":{}}", "PlanInvalid")]
    [InlineData("{\"version\":3,\"anything\":[{\"else\":1}]}", "PlanTooNew")]
    [InlineData("{\"anything\":[{\"else\":1}],\"version\":99}", "PlanTooNew")]
    public void What_is_no_plan_is_refused(string json, string id) => Assert.Equal(id, Refused(json).ErrorId);

    [Fact]
    public async Task A_file_of_the_first_version_is_refused_since_it_does_not_say_when_people_are_told()
    {
        var text = Encoding.UTF8.GetString(await BytesAsync());
        var refused = Refused(text.Replace("\"version\": 2", "\"version\": 1", StringComparison.Ordinal));
        Assert.Equal(ErrorIds.PlanInvalid, refused.ErrorId);
        Assert.Contains("version 1", refused.Message, StringComparison.Ordinal);
        Assert.Contains("New-ProvisioningPlan", refused.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_without_end_and_a_file_that_is_too_large_are_cut_off()
    {
        foreach (var open in new[] { "[", "{\"plan\":", "{\"version\":2,\"hash\":\"x\",\"plan\":{\"people\":[", "{\"version\":2,\"plan\":{\"scope\":{\"names\":[[[" })
            Assert.Equal(ErrorIds.PlanInvalid, Refused(string.Concat(Enumerable.Repeat(open, 200_000))).ErrorId);

        using (var large = new FileStream(PathOf("large.json"), FileMode.CreateNew)) large.SetLength(PlanFile.Largest + 1); // a hole: it takes no room
        var problem = Assert.Throws<ProvisioningException>(() => PlanFile.ReadAsync(PathOf("large.json"), CancellationToken.None).GetAwaiter().GetResult());
        Assert.Equal(ErrorIds.PlanInvalid, problem.ErrorId);
        Assert.Contains((PlanFile.Largest + 1).ToString(CultureInfo.InvariantCulture), problem.Message, StringComparison.Ordinal);
    }

    [Fact, Trait("Category", "Fuzz")]
    public async Task Broken_files()
    {
        var whole = await BytesAsync();
        var original = PlanFile.Parse(whole, null);
        Fuzz.Try(
            Wounds.Some,
            cuts =>
            {
                var bytes = whole.Wound(cuts, Nasty);
                var before = GC.GetAllocatedBytesForCurrentThread();
                try
                {
                    // What is read all the same says the same: blanks were hit, or nothing.
                    return PlanFile.Parse(bytes, null).Hash == original.Hash;
                }
                catch (ProvisioningException refused)
                {
                    return refused.ErrorId is ErrorIds.PlanInvalid or ErrorIds.PlanTooNew or ErrorIds.PlanChanged && GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000;
                }
            });
    }

    [Fact, Trait("Category", "Fuzz")]
    public async Task Broken_plans_that_bear_the_right_hash_are_whole_or_refused()
    {
        var plan = await MakeAsync();
        var text = Gen.OneOf(Gen.OneOfConst("", "\0", "dbtid:one", "Everyone", "\u202E"), Gen.String[0, 5]).Where(one => !one.Any(char.IsSurrogate)).Null();
        var person = Gen.Select(text, Gen.Int[-1, 12], Gen.Int[-1, 8], (email, stage, state) => new PlannedPerson { Email = email!, Stage = (ProvisioningStage)stage, State = (NoticeState)state }).Null();
        Fuzz.Try(
            Gen.Select(text, text, text, person.Array[0, 3].Null(), Gen.Int[-1, 5]),
            of => Fuzz.Within(2_000_000, () =>
            {
                var (team, kind, words, people, state) = of;
                var broken = plan with
                {
                    TeamId = team!, Scope = new PlannedScope { Kind = kind! }, Words = words is null ? null! : plan.Words with { Digest = words }, People = people!,
                    Switch = new PlannedSwitch { State = (SilentProvisioningState)state },
                };
                broken = PlanSeal.Seal(broken);
                try
                {
                    PlanSeal.Check(broken);
                    // Then all of it can be asked for.
                    _ = PlanMaker.Scope(broken.Scope);
                    return broken.Planned + broken.Waiting + broken.Skipped + broken.Failed == broken.People.Count && new PlanMatch(broken, [WhoWaits(1)], true).Moves.Count >= 0 && $"{broken.Words}" is not null;
                }
                catch (ProvisioningException refused)
                {
                    return refused.ErrorId == ErrorIds.PlanInvalid;
                }
            }));
    }
}
