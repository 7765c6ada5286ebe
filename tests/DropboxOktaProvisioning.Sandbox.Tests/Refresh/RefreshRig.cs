using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Journal;
using DropboxOktaProvisioning.Engine.Notices;
using DropboxOktaProvisioning.Engine.Okta;
using DropboxOktaProvisioning.Engine.Refresh;
using DropboxOktaProvisioning.Engine.Verification;
using DropboxOktaProvisioning.Engine.Workflow;
using DropboxOktaProvisioning.Sandbox.Tests.Workflow;

namespace DropboxOktaProvisioning.Sandbox.Tests.Refresh;

/// <summary>A sandbox whose people are read whole and from a kept reading, by clients of their own, so that the two can be held against each other.</summary>
internal sealed class RefreshRig : IAsyncDisposable
{
    private readonly SandboxConnections _sandbox;
    private readonly NoticeJournal _anchor;

    private RefreshRig(SandboxConnections sandbox, NoticeJournal anchor, string name)
    {
        _sandbox = sandbox;
        _anchor = anchor;
        Journal = JournalLocation.InMemory(name);
    }

    public ProvisioningWorld World => _sandbox.World;

    public OktaClient Okta => _sandbox.Okta;

    public string TeamId => _sandbox.Dropbox.Team.TeamId;

    public JournalLocation Journal { get; }

    public NoticeJournal Open => _anchor;

    /// <summary>How old the last whole reading may be.</summary>
    public TimeSpan FullReadAfter { get; set; } = TimeSpan.FromDays(7);

    public List<RunEvent> Events { get; } = [];

    public static async Task<RefreshRig> StartAsync(int people = 120, int seed = 1)
    {
        var sandbox = await SandboxConnections.OpenAsync(people, seed);
        var name = Guid.NewGuid().ToString("N");
        return new RefreshRig(sandbox, await NoticeJournal.OpenInMemoryAsync(name, sandbox.World.Clock, default), name);
    }

    /// <summary>Reads everybody the quick way.</summary>
    /// <returns>The rows, and how they were read.</returns>
    public async Task<(IReadOnlyList<DropboxUserStatus> Rows, string? Told, int Requests)> RefreshAsync(
        RefreshMode mode = RefreshMode.Incremental, VerificationScope? scope = null, JournalLocation? journal = null)
    {
        var keeper = new ReadingKeeper(journal ?? Journal, World.Clock, mode, FullReadAfter);
        var before = World.Requests.Count;
        var rows = await RowsAsync(keeper, scope ?? new VerificationScope.Everyone());
        // A run of its own has a fresh token; here days pass over one connection.
        return (rows, keeper.Told, World.Requests.Skip(before).Count(request => request.Path != "/oauth2/token"));
    }

    /// <summary>What a reading the quick way is reckoned to take beforehand; asks nobody.</summary>
    /// <param name="keeper">The keeper of the run; null for that of a run of its own.</param>
    /// <param name="scope">Whom the run is about; null for everyone.</param>
    public async Task<ProvisioningForecast> ForeseeAsync(ReadingKeeper? keeper = null, VerificationScope? scope = null)
    {
        keeper ??= new ReadingKeeper(Journal, World.Clock, RefreshMode.Incremental, FullReadAfter);
        scope ??= new VerificationScope.Everyone();
        var outlook = await keeper.ForeseeAsync(_sandbox.Okta, _sandbox.Dropbox, World.App.Id, scope, default);
        return Forecast.Calculate(ForecastFacts.Of(_sandbox.Okta, _sandbox.Dropbox) with { Scope = scope, Refresh = outlook });
    }

    /// <summary>The same as <see cref="RefreshAsync"/>, by a keeper that was asked for its forecast first, as a run does.</summary>
    public async Task<(IReadOnlyList<DropboxUserStatus> Rows, ProvisioningForecast Forecast, int Requests)> RefreshAsForeseenAsync(
        VerificationScope? scope = null, ReadingKeeper? keeper = null)
    {
        keeper ??= new ReadingKeeper(Journal, World.Clock, RefreshMode.Incremental, FullReadAfter);
        var before = World.Requests.Count;
        var forecast = await ForeseeAsync(keeper, scope);
        Assert.Equal(before, World.Requests.Count);
        var rows = await RowsAsync(keeper, scope ?? new VerificationScope.Everyone());
        return (rows, forecast, World.Requests.Skip(before).Count(request => request.Path != "/oauth2/token"));
    }

    /// <summary>Reads everybody whole, without any fault.</summary>
    public async Task<IReadOnlyList<DropboxUserStatus>> FullAsync(VerificationScope? scope = null) => await RowsAsync(null, scope ?? new VerificationScope.Everyone());

    public async ValueTask DisposeAsync()
    {
        await _anchor.DisposeAsync();
        _sandbox.Dispose();
    }

    /// <summary>The rows as texts, sorted: two readings are the same where these are.</summary>
    public static IReadOnlyList<string> Texts(IEnumerable<DropboxUserStatus> rows) =>
        [.. rows.Select(row => $"{row with { Evidence = [] }} {string.Join(';', row.Evidence)}").Order(StringComparer.Ordinal)];

    private async Task<IReadOnlyList<DropboxUserStatus>> RowsAsync(ReadingKeeper? keeper, VerificationScope scope)
    {
        var app = await DropboxApps.FindOneAsync(_sandbox.Okta, null, null, default);
        var statusRows = new StatusRows(new PersonalAccounts([]), DashboardTile.Of(app), _sandbox.Dropbox.Team.TeamId, World.Clock.GetUtcNow(), _ => null);
        var rows = new List<DropboxUserStatus>();
        await foreach (var outcome in new Verifier(_sandbox.Okta, _sandbox.Dropbox, app, statusRows, keeper).RunAsync(scope, new Listener(Events), default))
        {
            if (outcome.Status is { } row) rows.Add(row);
        }

        return rows;
    }
}
