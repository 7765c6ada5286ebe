using CsCheck;
using DropboxOktaProvisioning.Engine;

namespace DropboxOktaProvisioning.Sandbox.Tests.Refresh;

/// <summary>Whatever happens in the two services between two refreshes: the quick way and the whole one give the same rows.</summary>
public sealed class RefreshPropertyTests
{
    private static readonly PersonChange[] Changes = Enum.GetValues<PersonChange>();

    [Fact]
    public async Task Incremental_and_full_give_the_same_rows_after_each_step()
    {
        var (quick, whole) = (0, 0);
        var step = Gen.Select(Gen.Int[0, 24], Gen.Int[0, 999], Gen.Int[0, 3]);
        await Gen.Select(Gen.Int[1, 40], Gen.Int[50, 160], step.Array[1, 14].Array[1, 6]).SampleAsync(
            async (seed, people, rounds) =>
            {
                var (quicker, wholer) = await PlayAsync(seed, people, rounds);
                Interlocked.Add(ref quick, quicker);
                Interlocked.Add(ref whole, wholer);
            },
            iter: 120, threads: 1);
        Assert.True(quick > whole && whole > 120, $"{quick} readings were brought up to date and {whole} were whole: the worlds show one side only");
    }

    private static async Task<(int Quick, int Whole)> PlayAsync(int seed, int people, (int Act, int Whom, int How)[][] rounds)
    {
        await using var rig = await RefreshRig.StartAsync(people, seed);
        var (quick, whole) = (0, 0);
        foreach (var round in rounds.Prepend([]))
        {
            rig.World.Faults.Clear();
            foreach (var (act, whom, how) in round) await ActAsync(rig, act, whom, how);
            var begun = rig.World.Clock.GetUtcNow();
            var was = await TryRefreshAsync(rig);
            rig.World.Faults.Clear();
            // A fault was too much for it, or it had to wait and things went on meanwhile: then the one after it must be right.
            var refreshed = was is { } first && rig.World.Clock.GetUtcNow() == begun ? first : await rig.RefreshAsync();
            var (expected, actual) = (RefreshRig.Texts(await rig.FullAsync()), RefreshRig.Texts(refreshed.Rows));
            Assert.True(expected.SequenceEqual(actual), $"{refreshed.Told}\nexpected: {string.Join('\n', expected.Except(actual))}\nactual: {string.Join('\n', actual.Except(expected))}");
            if (refreshed.Told!.Contains("brought up to date", StringComparison.Ordinal)) quick++;
            else whole++;
        }

        return (quick, whole);
    }

    private static async Task<(IReadOnlyList<DropboxUserStatus> Rows, string? Told, int Requests)?> TryRefreshAsync(RefreshRig rig)
    {
        try
        {
            return await rig.RefreshAsync();
        }
        catch (ProvisioningException)
        {
            return null;
        }
    }

    private static async Task ActAsync(RefreshRig rig, int act, int whom, int how)
    {
        var world = rig.World;
        var person = world.People[whom % world.People.Count];
        if (act < Changes.Length)
        {
            world.Change(person.Email, Changes[act]);
            return;
        }

        switch (act - Changes.Length)
        {
            case 0 or 1 when person.OktaUserId is not null:
                world.Assign(person.Email);
                break;
            case 2 or 3:
                world.SignOn(person.Email, TimeSpan.FromMinutes(how));
                break;
            case 4:
                if (world.People.All(one => one.Email != $"new{whom}@contoso.example")) world.AddPerson($"new{whom}@contoso.example", "New", "Person");
                world.Assign($"new{whom}@contoso.example");
                break;
            case 5:
                world.Advance(how switch { 0 => TimeSpan.FromMinutes(10), 1 => TimeSpan.FromHours(5), 2 => TimeSpan.FromDays(1), _ => TimeSpan.FromDays(3) });
                break;
            case 6 when how == 0 && whom < 300:
                await rig.Okta.AssignGroupAsync(world.App.Id, (await rig.Okta.FindGroupsAsync("Engineering", null, default))[0].Id, null, default);
                break;
            case 7:
                world.Faults.Script(how switch { 0 => SandboxFault.LogReset, 1 => SandboxFault.ExpiredCursor, 2 => SandboxFault.EmptyPage, _ => SandboxFault.ServerError }, how < 2 ? "get_events" : "", 1, 1);
                break;
            case 8:
                world.Faults.Apply($"429:0.1,500:0.1,reset:0.05,truncate:0.05,lost:0.05,seed:{whom}");
                break;
        }
    }
}
