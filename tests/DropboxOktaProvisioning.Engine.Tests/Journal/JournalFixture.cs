using DropboxOktaProvisioning.Engine.Journal;
using Microsoft.Extensions.Time.Testing;

namespace DropboxOktaProvisioning.Engine.Tests.Journal;

/// <summary>A folder of its own for each test, a virtual clock, and processes that die when told to.</summary>
public sealed class JournalFixture : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("notices-").FullName;

    public string Path => System.IO.Path.Combine(Folder, "journal.db");

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));

    internal FakeProcesses Processes { get; } = new();

    internal Task<NoticeJournal> OpenAsync(FakeProcess process, JournalSettings? settings = null) =>
        NoticeJournal.OpenAsync((settings ?? new JournalSettings { Path = Path }) with { Waits = Clock }, Clock, process, CancellationToken.None);

    internal Task<NoticeJournal> OpenAsync() => OpenAsync(Processes.Start());

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    internal static ActivationNotice Notice(string? okta = null, string? member = null, string email = "ada@contoso.example", string? team = "dbtid:one") => new()
    {
        Id = Guid.NewGuid().ToString("N"),
        Email = email,
        OktaUserId = okta,
        TeamMemberId = member,
        TeamId = team,
        MessageId = "made-up@contoso.example",
        Subject = "Sign on",
        Transport = "Test",
        Stage = ProvisioningStage.AwaitingActivation,
        State = NoticeState.Planned,
    };

    internal static DropboxUserStatus Person(string? okta = null, string? member = null, string email = "ada@contoso.example", string? team = "dbtid:one") =>
        new() { Email = email, OktaUserId = okta, TeamMemberId = member, TeamId = team, Stage = ProvisioningStage.AwaitingActivation };

    /// <summary>Runs the clock on until the task has ended.</summary>
    public async Task<T> LetTimePassAsync<T>(Task<T> task)
    {
        while (!task.IsCompleted)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        return await task;
    }

    internal static async Task<List<ActivationNotice>> AllAsync(NoticeJournal journal, NoticeFilter? filter = null)
    {
        var all = new List<ActivationNotice>();
        await foreach (var notice in journal.ListAsync(filter ?? new NoticeFilter())) all.Add(notice);
        return all;
    }
}

internal sealed class FakeProcesses
{
    private readonly HashSet<int> _running = [];
    private int _last = 100;

    public FakeProcess Start()
    {
        lock (_running)
        {
            _running.Add(++_last);
            return new FakeProcess(this, _last);
        }
    }

    public void Kill(FakeProcess process)
    {
        lock (_running) _running.Remove(process.Current.ProcessId);
    }

    public bool IsRunning(int id)
    {
        lock (_running) return _running.Contains(id);
    }
}

internal sealed class FakeProcess(FakeProcesses all, int id) : IProcessProbe
{
    public ProcessIdentity Current { get; } = new("test-host", id, DateTimeOffset.UnixEpoch);

    /// <summary>Whether the machine has run all along since the claims were made.</summary>
    public bool LostPower { get; set; }

    public bool IsOfThisBoot(ProcessIdentity process) => process.Host == Current.Host && !LostPower;

    public bool IsGone(ProcessIdentity process) => process.Host == Current.Host && !all.IsRunning(process.ProcessId);
}
