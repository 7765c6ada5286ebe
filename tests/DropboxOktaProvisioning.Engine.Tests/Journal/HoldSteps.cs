using DropboxOktaProvisioning.Engine.Journal;

namespace DropboxOktaProvisioning.Engine.Tests.Journal;

/// <summary>What a journal promises of reminders and of notices that wait, whichever database it is in.</summary>
internal static class HoldSteps
{
    /// <summary>Holds, claims, forgets; each step looked at from a second journal on the same database.</summary>
    public static async Task HoldClaimAndForgetAsync(NoticeJournal first, NoticeJournal second, DateTimeOffset now)
    {
        INoticeClaims claims = first, others = second;
        var reminder = JournalFixture.Notice("00u1") with { Kind = NoticeKind.Reminder, Step = 2, State = NoticeState.Waiting, NotBefore = now.AddHours(9), Reason = "Not at this hour there." };

        Assert.Null(Assert.Single(await claims.HoldAsync([reminder], [], CancellationToken.None)));
        Assert.Null(Assert.Single(await others.HoldAsync([reminder with { Id = "another", NotBefore = now.AddHours(10) }], [], CancellationToken.None)));
        var held = Assert.Single(await JournalFixture.AllAsync(second));
        Assert.Equal((reminder.Id, NoticeState.Waiting, 2, 0, now.AddHours(10)), (held.Id, held.State, held.Step, held.Attempts, held.NotBefore));
        Assert.Empty(await others.AbandonedAsync(CancellationToken.None));

        // Another step, the first notice and a mail about the person are other matters; the same step is one.
        foreach (var other in new[] { reminder with { Id = "step3", Step = 3 }, reminder with { Id = "first", Kind = NoticeKind.Activation, Step = 0 }, reminder with { Id = "boss", Kind = NoticeKind.ManagerEscalation, Email = "boss@contoso.example", About = reminder.Email } })
            Assert.NotNull((await others.ClaimAsync(other, false, CancellationToken.None)).Claim);
        var claim = (await others.ClaimAsync(reminder with { Id = "later" }, false, CancellationToken.None)).Claim!;
        Assert.Equal((reminder.Id, 1), (claim.NoticeId, claim.Attempt));
        Assert.Equal(NoticeState.Sending, Assert.Single(await claims.HoldAsync([reminder], [], CancellationToken.None))!.State);
        Assert.Equal(NoticeState.Sending, (await claims.ClaimAsync(reminder, true, CancellationToken.None)).Holder!.State);

        // What is settled as waiting is free again, and what left is not.
        Assert.True(await others.BeginAsync(claim));
        await others.AdvanceAsync([new ClaimOutcome(claim, NoticeState.Waiting, "The hour is over.", null) { NotBefore = now.AddDays(1) }], [], CancellationToken.None);
        Assert.Equal(now.AddDays(1), (await second.IndexAsync(CancellationToken.None)).Find(JournalFixture.Person("00u1"), NoticeKind.Reminder, 2)!.NotBefore);
        await claims.AdvanceAsync([], [(await claims.ClaimAsync(reminder, false, CancellationToken.None)).Claim!], CancellationToken.None);
        await claims.AdvanceAsync([new ClaimOutcome(claim with { Attempt = 2 }, NoticeState.Sent, "taken", now)], [], CancellationToken.None);
        Assert.Equal(NoticeState.Sent, Assert.Single(await others.HoldAsync([reminder], [reminder], CancellationToken.None))!.State);
        var sent = (await second.IndexAsync(CancellationToken.None)).Find(JournalFixture.Person("00u1"), NoticeKind.Reminder, 2)!;
        Assert.Equal((NoticeState.Sent, null), (sent.State, sent.NotBefore));

        // What waits for somebody who is not to be told is gone, and nothing else is.
        var eve = JournalFixture.Notice("00u2", email: "eve@contoso.example") with { State = NoticeState.Waiting, NotBefore = now.AddHours(1) };
        await claims.HoldAsync([eve], [], CancellationToken.None);
        await others.HoldAsync([], [eve, sent], CancellationToken.None);
        Assert.DoesNotContain(await JournalFixture.AllAsync(first), notice => notice.Id == eve.Id);
        Assert.Equal(4, (await JournalFixture.AllAsync(first)).Count);
    }
}
