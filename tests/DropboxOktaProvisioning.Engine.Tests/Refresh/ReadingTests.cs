using System.Text;
using CsCheck;
using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Journal;
using DropboxOktaProvisioning.Engine.Okta;
using DropboxOktaProvisioning.Engine.Packing;
using DropboxOktaProvisioning.Engine.Refresh;
using DropboxOktaProvisioning.Engine.Tests.Journal;
using DropboxOktaProvisioning.Engine.Tests.Verification;

namespace DropboxOktaProvisioning.Engine.Tests.Refresh;

/// <summary>A reading as it is kept: whole, or not at all.</summary>
public sealed class ReadingTests : IDisposable
{
    private static readonly ReadingKey Key = new("dbtid:one", "contoso.okta.example", "0oa1");
    private readonly JournalFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    private static PackedStore Assignments(params string[] ids)
    {
        var (store, records) = (new PackedStore(), new PackWriter());
        foreach (var id in ids)
        {
            AppUserFields.Of(Make.Assignment(id)).Pack(records);
            var (bytes, starts) = records.Take();
            store.Add(bytes, starts);
        }

        return store;
    }

    private static PackedStore Members(params string[] ids)
    {
        var (store, records) = (new PackedStore(), new PackWriter());
        foreach (var id in ids) MemberFields.Of(Make.Member(id)).Pack(records);
        var (bytes, starts) = records.Take();
        store.Add(bytes, starts);
        return store;
    }

    private static IEnumerable<string> Ids(PackedStore store) => Enumerable.Range(0, store.Count).Select(number => store[number].Text().ToString());

    private static ReadingState State(string cursor = "c1") => new()
    {
        Format = ReadingState.CurrentFormat,
        Module = ReadingState.CurrentModule,
        Key = Key,
        TakenOn = DateTimeOffset.UnixEpoch,
        RefreshedOn = DateTimeOffset.UnixEpoch,
        OktaPosition = DateTimeOffset.UnixEpoch,
        DropboxCursor = cursor,
        Excess = new TeamExcess(0, -3),
        Again = ["dbmid:a"],
        RemovedOn = new Dictionary<string, DateTimeOffset> { ["dbmid:b"] = DateTimeOffset.UnixEpoch },
    };

    [Fact]
    public void Both_lists_come_back_in_their_order_and_as_last_seen()
    {
        var (assignments, members) = (Assignments("00u1", "00u2", "00u3"), Members("a", "b"));
        var records = new PackWriter();
        AppUserFields.Of(Make.Assignment("00u2", status: "STAGED")).Pack(records);
        var (bytes, starts) = records.Take();
        assignments.Add(bytes, starts);

        var (again, others) = ReadingContent.Read(ReadingContent.Write(assignments, members));

        Assert.Equal(["00u1", "00u2", "00u3"], Ids(again));
        Assert.Equal("STAGED", AppUserFields.Of(again[1]).Status.ToString());
        Assert.Equal(["dbmid:a", "dbmid:b"], Ids(others));
        Assert.Equal(2, again.Find(Utf8Text.Of("00u3")));
        Assert.Equal(["00u1", "00u3"], Ids(again.Without(new HashSet<string> { "00u2", "00uNobody" })));
        Assert.Equal(1, again.Without(new HashSet<string> { "00u2" }).Find(Utf8Text.Of("00u3")));
        Assert.Equal((0, 0), ReadingContent.Read(ReadingContent.Write(new PackedStore(), new PackedStore())) is var (none, nobody) ? (none.Count, nobody.Count) : default);
    }

    [Fact]
    public void Bytes_that_are_cut_or_changed_give_records_or_an_error_and_nothing_else()
    {
        var whole = ReadingContent.Write(Assignments("00u1", "00u2"), Members("a", "b", "c"));
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte, Gen.Bool).Sample((at, value, cut) =>
        {
            byte[] broken = cut ? whole[..at] : [.. whole];
            if (!cut) broken[at] ^= value;
            try
            {
                ReadingContent.Read(broken);
            }
            catch (InvalidDataException)
            {
                // What it is for.
            }
        }, iter: 5000);
    }

    [Fact]
    public void A_state_comes_back_under_its_seal_only()
    {
        var (text, seal) = State().Write();
        var again = ReadingState.Read(text, seal)!;
        Assert.Equal((Key, "c1", new TeamExcess(0, -3)), (again.Key, again.DropboxCursor, again.Excess));
        Assert.Equal(["dbmid:a"], again.Again);
        Assert.Equal(DateTimeOffset.UnixEpoch, again.RemovedOn["dbmid:b"]);
        Assert.Null(ReadingState.Read(text.Replace("c1", "c2", StringComparison.Ordinal), seal));
        Assert.Null(ReadingState.Read(text, ReadingState.SealOf("x"u8)));
        Assert.Null(ReadingState.Read("{}", ReadingState.SealOf("{}"u8)));
        Assert.Null(ReadingState.Read("no json", ReadingState.SealOf(Encoding.UTF8.GetBytes("no json"))));
    }

    // A kept reading is bytes of these records: whoever changes how they are packed gives ReadingState a new format, and this test the new digest.
    [Fact]
    public void Records_are_packed_as_the_format_says()
    {
        var records = new PackWriter();
        var user = Make.User("00u1") with { Department = "Sales", Language = "de", TimeZone = "Europe/Berlin", CountryCode = "DE", Manager = "Kim", ManagerId = "00u2" };
        foreach (var status in new[] { "PROVISIONED", "STAGED", "never seen" })
            AppUserFields.Of(Make.Assignment("00u1", externalId: "dbmid:a", status: status) with { StatusChanged = DateTimeOffset.UnixEpoch, User = user }).Pack(records);
        MemberFields.Of(Make.Member("a", secondary: ["b@contoso.example"]) with { InvitedOn = DateTimeOffset.UnixEpoch, IsRecoverable = true }).Pack(records);
        Assert.Equal("1 E070C0AEE0CADF85", $"{ReadingState.CurrentFormat} {ReadingState.SealOf(records.Take().Bytes)[..16]}");
    }

    [Fact]
    public void Either_way_of_counting_the_team_will_do()
    {
        Assert.True(new TeamExcess(0, -3).Fits(new TeamExcess(0, -4)));
        Assert.True(new TeamExcess(3, 0).Fits(new TeamExcess(4, 0)));
        Assert.False(new TeamExcess(0, -3).Fits(new TeamExcess(1, -2)));
    }

    [Fact]
    public async Task The_journal_keeps_the_last_one_for_a_team_an_org_and_an_app()
    {
        await using var journal = await _fixture.OpenAsync();
        Assert.Null(await journal.FindReadingAsync(Key, default));
        Assert.False(await journal.HasReadingsAsync(default));
        await journal.KeepReadingAsync(Key, new StoredReading("s1", "seal1", [1, 2]), "d1", default);
        await journal.KeepReadingAsync(Key with { AppId = "0oa2" }, new StoredReading("other", "x", [9]), "d9", default);
        await journal.KeepReadingAsync(Key, new StoredReading("s2", "seal2", [3]), "d2", default);

        // The first one's lists are not there any more: what belongs to them must not be put on others.
        await journal.MoveReadingAsync(Key, "late", "late", "d1", default);
        Assert.Equal(("s2", "seal2"), await journal.FindReadingAsync(Key, default) is { } kept ? (kept.State, kept.Seal) : default);
        await journal.MoveReadingAsync(Key, "s3", "seal3", "d2", default);
        Assert.Equal([3], (await journal.FindReadingAsync(Key, default))!.Content);
        Assert.Equal("s3", (await journal.FindReadingAsync(Key, default))!.State);

        await journal.ForgetReadingsAsync("dbtid:two", default);
        Assert.NotNull(await journal.FindReadingAsync(Key, default));
        await journal.ForgetReadingsAsync(Key.TeamId, default);
        Assert.Null(await journal.FindReadingAsync(Key, default));
        Assert.Null(await journal.FindReadingAsync(Key with { AppId = "0oa2" }, default));
    }

    [Fact]
    public async Task A_journal_of_each_earlier_version_has_none_and_keeps_one_once_it_is_written()
    {
        for (var version = 1; version < SqliteSchema.WithReadings; version++)
        {
            var path = Path.Combine(_fixture.Folder, $"version{version}.db");
            var old = new JournalSettings { Path = path, Steps = [.. SqliteSchema.Steps.Take(version)] };
            await (await _fixture.OpenAsync(_fixture.Processes.Start(), old)).DisposeAsync();
            await using (var looks = await NoticeJournal.OpenReadOnlyAsync(path, _fixture.Clock, default))
            {
                Assert.Null(await looks.FindReadingAsync(Key, default));
                Assert.False(await looks.HasReadingsAsync(default));
            }

            await using var journal = await NoticeJournal.OpenAsync(path, _fixture.Clock, default);
            await journal.KeepReadingAsync(Key, new StoredReading("s", "seal", [1]), "d", default);
            Assert.NotNull(await journal.FindReadingAsync(Key, default));
        }
    }
}
