using DropboxOktaProvisioning.Engine.Journal;
using DropboxOktaProvisioning.Engine.Notices;
using DropboxOktaProvisioning.Engine.Tests.Journal;
using MimeKit;

namespace DropboxOktaProvisioning.Engine.Tests.Notices;

/// <summary>The process is gone: what a test lets happen between two steps.</summary>
internal sealed class ProcessDiedException : Exception;

/// <summary>Where mails arrive; it outlives every run.</summary>
internal sealed class Mailbox
{
    private readonly List<(string NoticeId, string Email)> _mails = [];

    public IReadOnlyList<string> Emails
    {
        get
        {
            lock (_mails) return [.. _mails.Select(mail => mail.Email)];
        }
    }

    public void Add(string noticeId, string email)
    {
        lock (_mails) _mails.Add((noticeId, email));
    }

    public bool Has(string noticeId)
    {
        lock (_mails) return _mails.Any(mail => mail.NoticeId == noticeId);
    }
}

/// <summary>One run of the module: a process that can die at a numbered step, a service, and a mailbox that outlives it.</summary>
internal sealed class Run : INoticeTransport
{
    private readonly JournalFixture _fixture;
    private readonly Mailbox _mailbox;
    private readonly int _diesAt;
    private int _steps;

    public Run(JournalFixture fixture, Mailbox mailbox, int diesAt = int.MaxValue, JournalSettings? journal = null)
    {
        _fixture = fixture;
        _mailbox = mailbox;
        _diesAt = diesAt;
        Process = fixture.Processes.Start();
        var settings = journal ?? new JournalSettings { Path = fixture.Path };
        Service = new NoticeService(
            async _ => await fixture.OpenAsync(Process, settings with { ReadOnly = true }),
            async _ => new DyingClaims(await fixture.OpenAsync(Process, settings), this), this, fixture.Clock);
    }

    public FakeProcess Process { get; }

    public NoticeService Service { get; }

    public string Name => "Test";

    /// <summary>Knows what it delivered earlier, as a folder does and a mail server does not.</summary>
    public bool Remembers { get; init; }

    /// <summary>What the transport does; null delivers.</summary>
    public Func<MimeMessage, CancellationToken, DeliveryOutcome?> Script { get; set; } = (_, _) => null;

    public int Connections { get; init; } = 1;

    public static NoticeOptions Options { get; } = new() { From = "it@contoso.example" };

    /// <summary>Plans and sends, and returns what came out until the end or the death.</summary>
    public async Task<List<ActivationNotice>> SendAsync(
        IReadOnlyList<DropboxUserStatus> people, NoticeOptions? options = null, IProgress<RunEvent>? progress = null,
        Func<PlannedNotice, PlannedNotice>? narrow = null, CancellationToken cancellationToken = default)
    {
        var notices = new List<ActivationNotice>();
        try
        {
            var plan = await Service.PlanAsync(people, options ?? Options, narrow ?? (planned => planned), looksAhead: false, CancellationToken.None);
            await foreach (var notice in Service.SendAsync(plan, progress, cancellationToken)) notices.Add(notice);
        }
        catch (ProcessDiedException)
        {
            _fixture.Processes.Kill(Process);
        }

        return notices;
    }

    public bool Died => !_fixture.Processes.IsRunning(Process.Current.ProcessId);

    public Task OpenAsync(CancellationToken cancellationToken)
    {
        Step();
        return Task.CompletedTask;
    }

    public Task<DeliveryOutcome> DeliverAsync(MimeMessage message, string noticeId, CancellationToken cancellationToken)
    {
        Step();
        var outcome = Script(message, cancellationToken);
        if (outcome is null) _mailbox.Add(noticeId, message.To.Mailboxes.Single().Address);
        Step();
        return Task.FromResult(outcome ?? DeliveryOutcome.Sent("taken"));
    }

    public Task<bool> WasDeliveredAsync(string noticeId, CancellationToken cancellationToken) => Task.FromResult(Remembers && _mailbox.Has(noticeId));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Step()
    {
        if (Interlocked.Increment(ref _steps) >= _diesAt) throw new ProcessDiedException();
    }

    private sealed class DyingClaims(INoticeClaims journal, Run run) : INoticeClaims
    {
        public string? NewFile => journal.NewFile;

        public int ClaimsAtOnce => Math.Min(2, journal.ClaimsAtOnce);

        public async Task<IReadOnlyList<ClaimResult>> ClaimAsync(IReadOnlyList<ClaimRequest> requests, Durability durability, CancellationToken cancellationToken)
        {
            run.Step();
            var results = await journal.ClaimAsync(requests, durability, cancellationToken);
            run.Step();
            return results;
        }

        public async Task<IReadOnlyList<NoticeClaim>> AdvanceAsync(
            IReadOnlyList<ClaimOutcome> settled, IReadOnlyList<NoticeClaim> next, CancellationToken cancellationToken)
        {
            run.Step();
            var ours = await journal.AdvanceAsync(settled, next, cancellationToken);
            run.Step();
            return ours;
        }

        public async Task<Admission> AdmitAsync(NoticeClaim claim, string sender, SenderLimit limit, CancellationToken cancellationToken)
        {
            run.Step();
            var admission = await journal.AdmitAsync(claim, sender, limit, cancellationToken);
            run.Step();
            return admission;
        }

        public async Task ReleaseAsync(IReadOnlyList<NoticeClaim> claims, string reason, CancellationToken cancellationToken)
        {
            run.Step();
            await journal.ReleaseAsync(claims, reason, cancellationToken);
        }

        public async Task<IReadOnlyList<ActivationNotice?>> HoldAsync(
            IReadOnlyList<ActivationNotice> waiting, IReadOnlyList<ActivationNotice> outdated, CancellationToken cancellationToken)
        {
            run.Step();
            var holders = await journal.HoldAsync(waiting, outdated, cancellationToken);
            run.Step();
            return holders;
        }

        public Task<IReadOnlyList<ActivationNotice>> AbandonedAsync(CancellationToken cancellationToken)
        {
            run.Step();
            return journal.AbandonedAsync(cancellationToken);
        }

        public ValueTask DisposeAsync() => journal.DisposeAsync();
    }
}
