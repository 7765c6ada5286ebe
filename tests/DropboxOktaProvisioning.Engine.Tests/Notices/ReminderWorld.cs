using DropboxOktaProvisioning.Engine.Journal;
using DropboxOktaProvisioning.Engine.Notices;
using DropboxOktaProvisioning.Engine.Okta;
using DropboxOktaProvisioning.Engine.Tests.Journal;
using MimeKit;
using static DropboxOktaProvisioning.Engine.Tests.Journal.JournalFixture;

namespace DropboxOktaProvisioning.Engine.Tests.Notices;

/// <summary>Runs on the days of a virtual calendar, and the mails that they left behind.</summary>
public abstract class ReminderWorld : IDisposable
{
    protected ReminderWorld() => Start = Fixture.Clock.GetUtcNow();

    protected JournalFixture Fixture { get; } = new();

    protected DateTimeOffset Start { get; }

    private protected List<(int Day, string To, string Subject, string Text)> Mails { get; } = [];

    private protected static DropboxUserStatus Ada { get; } = Person("00u1", "dbmid:1");

    private protected static DropboxUserStatus Ben { get; } = Person("00u2", "dbmid:2", "ben@contoso.example");

    public void Dispose()
    {
        Fixture.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected static OktaUser Cara { get; } = new() { Id = "00um", Status = "ACTIVE", Email = "cara@contoso.example", FirstName = "Cara", LastName = "Example" };

    private protected static NoticeOptions Reminding(string after, NoticeManners? manners = null) => Run.Options with
    {
        Manners = (manners ?? new NoticeManners { Clock = PersonClock.Of("UTC") }) with { ReminderAfter = [.. after.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)] },
    };

    private protected static NoticeOptions Escalating(string after) =>
        Reminding(after, new NoticeManners { Clock = PersonClock.Of("UTC"), Managers = new ManagerDirectory((_, _) => Task.FromResult<OktaUser?>(Cara)) });

    private protected static string Word(string subject) => subject.StartsWith("Your", StringComparison.Ordinal) ? "first" : subject.StartsWith("Reminder", StringComparison.Ordinal) ? "reminder" : subject.StartsWith("Last", StringComparison.Ordinal) ? "last" : subject;

    private protected async Task<OptOutList> OptOutAsync(string text)
    {
        var file = Path.Combine(Fixture.Folder, "optout.csv");
        await File.WriteAllTextAsync(file, text);
        return await OptOutList.ReadAsync(file, default);
    }

    private protected void At(int day, int hour = 9) => Fixture.Clock.SetUtcNow(new DateTimeOffset(Start.Date.AddDays(day).AddHours(hour), TimeSpan.Zero));

    private protected void Note(MimeMessage message)
    {
        lock (Mails) Mails.Add(((Fixture.Clock.GetUtcNow().Date - Start.Date).Days, message.To.Mailboxes.Single().Address, message.Subject!, message.TextBody!));
    }

    private protected Run NewRun(JournalSettings? journal = null, int diesAt = int.MaxValue) => new(Fixture, new Mailbox(), diesAt, journal)
    {
        Script = (message, _) =>
        {
            Note(message);
            return null;
        },
    };

    private protected Task<List<ActivationNotice>> SendAsync(IReadOnlyList<DropboxUserStatus> people, NoticeOptions options, JournalSettings? journal = null, int diesAt = int.MaxValue) =>
        NewRun(journal, diesAt).SendAsync(people, options);

    private protected async Task<ActivationNotice> PlanAsync(IReadOnlyList<DropboxUserStatus> people, NoticeOptions options) =>
        Assert.Single(await NewRun().Service.PlanAsync(people, options, default)).Notice;
}
