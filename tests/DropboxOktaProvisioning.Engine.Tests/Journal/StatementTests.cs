using DropboxOktaProvisioning.Engine.Journal;
using DropboxOktaProvisioning.Engine.Readiness;

namespace DropboxOktaProvisioning.Engine.Tests.Journal;

/// <summary>What admins stated, as the journal keeps it.</summary>
public sealed class StatementTests : IDisposable
{
    private readonly JournalFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Statements_stay_newest_first_and_each_team_has_its_own()
    {
        AdminStatement Said(string value, int minute) => new("domain", value, "kim@host", _fixture.Clock.GetUtcNow().AddMinutes(minute));
        await using (var journal = await _fixture.OpenAsync())
        {
            await journal.StateAsync("dbtid:one", Said("a.example", 0), default);
            await journal.StateAsync("dbtid:one", Said("b.example", 1), default);
            await journal.StateAsync("dbtid:two", Said("c.example", 2), default);
        }

        await using var again = await NoticeJournal.OpenReadOnlyAsync(_fixture.Path, _fixture.Clock, default);
        Assert.Equal([Said("b.example", 1), Said("a.example", 0)], await again.StatementsAsync("dbtid:one", default));
    }

    [Fact]
    public async Task A_journal_of_an_earlier_version_that_is_only_read_has_none()
    {
        var old = new JournalSettings { Path = _fixture.Path, Steps = [.. SqliteSchema.Steps.Take(1)] };
        await (await _fixture.OpenAsync(_fixture.Processes.Start(), old)).DisposeAsync();
        await using var journal = await NoticeJournal.OpenReadOnlyAsync(_fixture.Path, _fixture.Clock, default);
        Assert.Empty(await journal.StatementsAsync("dbtid:one", default));
    }
}
