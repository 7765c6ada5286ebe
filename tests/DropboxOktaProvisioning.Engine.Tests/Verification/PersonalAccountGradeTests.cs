using CsCheck;
using DropboxOktaProvisioning.Engine.Verification;

namespace DropboxOktaProvisioning.Engine.Tests.Verification;

/// <summary>What the weighing of evidence keeps to, over all that can be drawn.</summary>
public sealed class PersonalAccountGradeTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Gen<DateTimeOffset?> Times = Gen.Int[-1, 6].Select(day => day < 0 ? (DateTimeOffset?)null : Start.AddDays(day));

    private static readonly Gen<PersonalAccountEvidence> Evidence = Gen.Select(Gen.Int[1, 3], Times, Gen.Int[0, 3]).Select((likelihood, time, detail) =>
        new PersonalAccountEvidence { Likelihood = (PersonalAccountLikelihood)likelihood, ObservedOn = time, Detail = $"seen {detail}" });

    private static readonly Gen<PersonalAccountEvidence> Against = Gen.Select(Times, Gen.Int[0, 3]).Select((time, detail) =>
        new PersonalAccountEvidence { ObservedOn = time, Detail = $"against {detail}" });

    private static PersonalAccountLikelihood Grade(IEnumerable<PersonalAccountEvidence> evidence, IEnumerable<PersonalAccountEvidence> against) =>
        PersonalAccountGrade.Of(evidence, PersonalAccountGrade.Newest(against));

    [Fact]
    public void More_evidence_never_lowers_it_and_more_contradiction_never_raises_it() =>
        Gen.Select(Evidence.List[0, 5], Evidence, Against.List[0, 3], Against).Sample((evidence, another, against, other) =>
            Grade(evidence.Append(another), against) >= Grade(evidence, against) && Grade(evidence, against.Append(other)) <= Grade(evidence, against));

    [Fact]
    public void The_newest_contradiction_is_the_one_that_counts_in_any_order() =>
        Gen.Select(Evidence.List[0, 5], Against.List[1, 4]).Sample((evidence, against) =>
        {
            var newest = PersonalAccountGrade.Newest(against)!;
            return against.All(one => (one.ObservedOn ?? DateTimeOffset.MaxValue) <= (newest.ObservedOn ?? DateTimeOffset.MaxValue))
                && Equals(newest, PersonalAccountGrade.Newest(Enumerable.Reverse(against)))
                && Grade(evidence, against) == Grade(Enumerable.Reverse(evidence), [newest]);
        });

    [Fact]
    public void Evidence_newer_than_all_that_contradicts_it_keeps_its_weight_and_older_one_loses_some() =>
        Gen.Select(Evidence, Against).Sample((evidence, against) =>
        {
            var worth = PersonalAccountGrade.Worth(evidence, against);
            return evidence.ObservedOn > against.ObservedOn ? worth == evidence.Likelihood : worth < evidence.Likelihood;
        });

    [Theory]
    [InlineData(PersonalAccountLikelihood.Confirmed, 2, 1, PersonalAccountLikelihood.Confirmed)]
    [InlineData(PersonalAccountLikelihood.Confirmed, 1, 2, PersonalAccountLikelihood.Suspected)]
    [InlineData(PersonalAccountLikelihood.Likely, 2, 2, PersonalAccountLikelihood.Suspected)]
    [InlineData(PersonalAccountLikelihood.Suspected, 1, 2, PersonalAccountLikelihood.None)]
    public void What_is_left_after_a_contradiction(PersonalAccountLikelihood alone, int seen, int contradicted, PersonalAccountLikelihood left) =>
        Assert.Equal(left, PersonalAccountGrade.Of(
            [new PersonalAccountEvidence { Likelihood = alone, ObservedOn = Start.AddDays(seen) }], new PersonalAccountEvidence { ObservedOn = Start.AddDays(contradicted) }));

    [Fact]
    public void Nothing_is_no_personal_account() => Assert.Equal(PersonalAccountLikelihood.None, PersonalAccountGrade.Of([], null));
}
