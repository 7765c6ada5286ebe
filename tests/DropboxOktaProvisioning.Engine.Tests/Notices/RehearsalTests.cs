using DropboxOktaProvisioning.Engine.Notices;
using DropboxOktaProvisioning.Engine.Tests.Journal;
using MimeKit;
using static DropboxOktaProvisioning.Engine.Tests.Journal.JournalFixture;

namespace DropboxOktaProvisioning.Engine.Tests.Notices;

/// <summary>All mails go to one address, and nobody counts as told.</summary>
public sealed class RehearsalTests : IDisposable
{
    private static readonly NoticeOptions Rehearsal = Run.Options with { RedirectTo = "me@contoso.example" };

    private readonly JournalFixture _fixture = new();
    private readonly Mailbox _mailbox = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Every_mail_goes_to_the_one_address_marked_with_whom_it_is_for()
    {
        var heads = new List<(string To, string? Subject, string? For)>();
        var run = NewRun();
        run.Script = (message, _) =>
        {
            Assert.Empty(message.Cc);
            Assert.Empty(message.Bcc);
            heads.Add((message.To.ToString(), message.Subject, message.Headers["X-Redirected-For"]));
            return null;
        };

        var notices = await run.SendAsync(People(2), Rehearsal);

        Assert.Equal(["me@contoso.example", "me@contoso.example"], heads.Select(head => head.To));
        Assert.Equal(["p0@contoso.example", "p1@contoso.example"], heads.Select(head => head.For));
        Assert.StartsWith("[for p0@contoso.example] ", heads[0].Subject, StringComparison.Ordinal);
        Assert.All(notices, notice => Assert.Equal(NoticeState.Redirected, notice.State));
        Assert.Equal("A rehearsal: it went to me@contoso.example, and p1@contoso.example does not count as told. taken", notices[1].Reason);
    }

    [Fact]
    public async Task Quiet_hours_hold_nothing_back()
    {
        var quiet = Rehearsal with { Manners = new NoticeManners { Hours = SendingHours.Of("08:00-10:00", []), Clock = PersonClock.Of("UTC") } };
        Assert.All(await NewRun().SendAsync(People(2), quiet), notice => Assert.Equal(NoticeState.Redirected, notice.State));
    }

    [Fact]
    public async Task Nobody_counts_as_told_so_the_next_rehearsal_and_the_real_run_tell_them_all()
    {
        var people = People(3);
        var ids = new List<string?>();

        for (var i = 0; i < 2; i++)
        {
            var notices = await NewRun().SendAsync(people, Rehearsal);
            Assert.All(notices, notice => Assert.Equal(NoticeState.Redirected, notice.State));
            ids.AddRange(notices.Select(notice => notice.MessageId));
            Assert.False(File.Exists(_fixture.Path));
        }

        var told = await NewRun().SendAsync(people);
        Assert.All(told, notice => Assert.Equal((NoticeState.Sent, 1), (notice.State, notice.Attempts)));
        Assert.Equal(9, ids.Concat(told.Select(notice => notice.MessageId)).Distinct().Count());
        Assert.Equal(people.Select(person => person.Email), _mailbox.Emails.Skip(6));
    }

    [Fact]
    public async Task Who_was_told_already_is_left_out_and_what_failed_stays_as_it_was()
    {
        var people = People(3);
        var real = NewRun();
        real.Script = (message, _) => message.To.Mailboxes.Single().Address.StartsWith("p1", StringComparison.Ordinal) ? DeliveryOutcome.Failed("no") : null;
        await real.SendAsync([.. people.Take(2)]);

        var rehearsed = await NewRun().SendAsync(people, Rehearsal);

        Assert.Equal([NoticeState.Skipped, NoticeState.Redirected, NoticeState.Redirected], rehearsed.Select(notice => notice.State));
        await using var journal = await _fixture.OpenAsync();
        var kept = await AllAsync(journal);
        Assert.Equal([NoticeState.Failed, NoticeState.Sent], kept.Select(notice => notice.State).Order().Reverse());
        Assert.All(kept, notice => Assert.Equal(1, notice.Attempts));
        Assert.DoesNotContain(rehearsed[1].MessageId, kept.Select(notice => notice.MessageId));
    }

    [Fact]
    public async Task A_rehearsal_keeps_the_senders_limits()
    {
        await NewRun().SendAsync(People(3), Run.Options with { SenderLimit = SenderLimit.Parse("5/day") });

        var rehearsed = await NewRun().SendAsync(People(10), Rehearsal with { SenderLimit = SenderLimit.Parse("5/day") });

        Assert.Equal(2, rehearsed.Count(notice => notice.State == NoticeState.Redirected));
        Assert.Equal(8, rehearsed.Count(notice => notice.State == NoticeState.Skipped));
    }

    [Fact]
    public async Task What_fails_in_a_rehearsal_is_a_failure_of_the_rehearsal()
    {
        var run = NewRun();
        run.Script = (_, _) => DeliveryOutcome.Failed("no room");

        Assert.Equal(NoticeState.Failed, Assert.Single(await run.SendAsync(People(1), Rehearsal)).State);

        Assert.False(File.Exists(_fixture.Path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("me")]
    [InlineData("me@contoso.example, you@contoso.example")]
    [InlineData("Me <me@contoso.example>")]
    public void An_address_that_is_none_is_refused_before_anything_is_sent(string address)
    {
        var problem = Assert.Throws<ProvisioningException>(() => NoticeService.Check(Run.Options with { RedirectTo = address }));

        Assert.Equal(ErrorIds.InvalidAddress, problem.ErrorId);
    }

    private Run NewRun() => new(_fixture, _mailbox);

    private static List<DropboxUserStatus> People(int count) => [.. Enumerable.Range(0, count).Select(i => Person($"00u{i}", email: $"p{i}@contoso.example"))];
}
