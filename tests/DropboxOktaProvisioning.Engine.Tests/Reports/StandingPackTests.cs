using CsCheck;
using DropboxOktaProvisioning.Engine.Reports;

namespace DropboxOktaProvisioning.Engine.Tests.Reports;

/// <summary>The packed form: what went in comes out, and what is something else is refused.</summary>
public sealed class StandingPackTests
{
    private static readonly Gen<Standing?> Standings = Gen.Select(Gen.Bool, Gen.Enum<ProvisioningStage>(), Gen.Int[0, 31], Gen.Long[0, long.MaxValue], Gen.Long[0, 4_000_000_000])
        .Select(one => one.Item1 ? null : (Standing?)new Standing(one.Item2, (StandingMarks)one.Item3, one.Item4, one.Item5));

    [Fact]
    public void What_went_in_comes_out() => Gen.Dictionary(Gen.ULong, Standings)[0, 200].Sample(standings =>
    {
        var read = new Dictionary<ulong, Standing?>(StandingPack.Read(StandingPack.Write(standings, standings.Count)));
        return read.Count == standings.Count && standings.All(one => read[one.Key] == one.Value);
    });

    [Fact]
    public void Anything_else_is_refused() => Gen.OneOf(
        Gen.Byte.Array[0, 60],
        Gen.Select(Gen.Dictionary(Gen.ULong, Standings)[1, 50], Gen.Int[0, 100]).Select(one =>
        {
            var whole = StandingPack.Write(one.Item1, one.Item1.Count);
            return whole[..(whole.Length * one.Item2 / 101)];
        })).Sample(bytes =>
    {
        try
        {
            StandingPack.Read(bytes);
            return bytes.Length > 0;
        }
        catch (InvalidDataException)
        {
            return true;
        }
    });

    [Fact]
    public void Going_back_over_looks_gives_what_was_known_before_each() => Gen.Select(Gen.Int[0, 12].Array[0, 12], Gen.Bool, Gen.Enum<ProvisioningStage>()).List[1, 12].Sample(looks =>
    {
        var people = new ObservedPeople();
        var past = new List<(byte[] Before, Dictionary<ulong, Standing?> Changes)>();
        for (var i = 0; i < looks.Count; i++)
        {
            var (numbers, everyone, stage) = looks[i];
            var before = people.Pack();
            // The same person may come with one id, with the other, or with both.
            past.Add((before, people.Observe([.. numbers.Select(number => new DropboxUserStatus
            {
                Email = $"p{number}@contoso.example",
                OktaUserId = (number + i) % 3 == 0 ? null : $"00u{number}",
                TeamMemberId = (number + i) % 3 == 1 ? null : $"dbmid:{number}",
                Stage = stage,
            })], everyone, DateTimeOffset.UnixEpoch.AddDays(i))));
        }

        for (var i = past.Count - 1; i >= 0; i--)
        {
            people.Undo(past[i].Changes);
            Assert.Equal(past[i].Before, people.Pack());
        }
    });
}
