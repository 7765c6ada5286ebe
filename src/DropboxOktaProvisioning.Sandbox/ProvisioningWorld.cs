using System.Globalization;
using DropboxOktaProvisioning.Sandbox.Clock;
using DropboxOktaProvisioning.Sandbox.Dropbox;
using DropboxOktaProvisioning.Sandbox.Http;
using DropboxOktaProvisioning.Sandbox.Okta;
using DropboxOktaProvisioning.Sandbox.State;

namespace DropboxOktaProvisioning.Sandbox;

/// <summary>
/// An Okta org and a Dropbox team with the people of a company in them, in memory: everything behind the two services' HTTP.
/// Thread-safe. It is built from what the services publish about themselves, and shares no code with the clients that it tests.
/// </summary>
public sealed partial class ProvisioningWorld : IDisposable
{
    private static readonly byte[] SignInPage = [.. "<!DOCTYPE html><html><body><h1>Sign in to the network</h1></body></html>"u8];
    private readonly object _gate = new();
    private readonly SandboxOptions _options;
    private readonly WorldState _state;
    private readonly List<DropboxApp> _apps = [];
    private readonly OktaCatalog _catalog;
    private readonly OktaService _okta;
    private readonly DropboxService _dropbox;
    private readonly DropboxTokens _tokens;
    private readonly OktaTokens _oktaTokens;
    private readonly Queue<SandboxRequest> _log = new();
    private readonly PriorityQueue<string, long> _signOns = new();
    private readonly long[] _counts = new long[2];
    private bool _disposed;

    /// <summary>Creates the world that the options describe.</summary>
    /// <param name="options">How it begins; null takes the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 1 or more than 2,000,000 people, or the delay is negative.</exception>
    public ProvisioningWorld(SandboxOptions? options = null)
    {
        _options = options ?? new SandboxOptions();
        if (_options.UserCount is < 1 or > 2_000_000)
            throw new ArgumentOutOfRangeException(nameof(options), _options.UserCount, "UserCount must be from 1 to 2,000,000.");
        ArgumentException.ThrowIfNullOrWhiteSpace(_options.Domain, nameof(options));
        if (_options.PushDelay < TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(options), _options.PushDelay, "PushDelay must not be negative.");
        Clock = _options.Clock ?? new VirtualClock(_options.Start, _options.AutoAdvance);
        _apps.Add(new DropboxApp(_options, _gate, 0));
        _state = new WorldState(_options, App) { LogDelay = () => Faults.LogDelay };
        var hash = _state.Hash;
        var teamId = "dbtid:AA" + hash.Draw(0, 82).ToString("x16", CultureInfo.InvariantCulture);
        OktaApiToken = "00sandbox-not-real-" + hash.Draw(0, 83).ToString("x16", CultureInfo.InvariantCulture);
        _tokens = new DropboxTokens(hash, teamId);
        ServiceApp = new OktaServiceApp("0oa" + hash.Draw(0, 87).ToString("x16", CultureInfo.InvariantCulture) + "5", _gate);
        _oktaTokens = new OktaTokens(hash, OktaApiToken, ServiceApp);
        var cursors = new Cursors(hash);
        _catalog = new OktaCatalog(_apps, number => new DropboxApp(_options, _gate, number));
        _okta = new OktaService(_state, new OktaApps(_apps, _options), _catalog, cursors, Faults, _oktaTokens);
        _dropbox = new DropboxService(_state, _tokens, cursors, Faults, teamId);
        OktaOrigin = new Uri($"https://{_options.Domain.Split('.')[0]}.okta.example");
    }

    /// <summary>
    /// The world's clock; clients that are given it wait without real time passing.
    /// A wait (a one-shot timer, as <c>Task.Delay(…, clock)</c> makes) moves the clock to its end at once, earliest first.
    /// A timeout (<c>new CancellationTokenSource(…, clock)</c>) never moves the clock and does not run down while somebody waits; it runs down
    /// with <see cref="Advance"/> and with latency. Periodic timers never move the clock either.
    /// A limit set with <c>task.WaitAsync(…, clock)</c> cannot be told from a wait and would end at once: use a <c>CancellationTokenSource</c>.
    /// </summary>
    public TimeProvider Clock { get; }

    /// <summary>The Okta org's address.</summary>
    public Uri OktaOrigin { get; }

    /// <summary>The Dropbox API's address.</summary>
    public Uri DropboxOrigin { get; } = new("https://api.dropboxapi.com");

    /// <summary>An Okta API token (SSWS). Made up; good for this world only.</summary>
    public string OktaApiToken { get; }

    /// <summary>A service app of the org, which signs in with a private key.</summary>
    public OktaServiceApp ServiceApp { get; }

    /// <summary>The Dropbox app's key. Made up.</summary>
    public string DropboxAppKey => _tokens.AppKey;

    /// <summary>The Dropbox app's secret, which PKCE clients do not need. Made up.</summary>
    public string DropboxAppSecret => _tokens.AppSecret;

    /// <summary>The refresh token of the team's link. Made up.</summary>
    public string DropboxRefreshToken => _tokens.RefreshToken;

    /// <summary>An access token that is good now, for 4 hours from when it was issued. Made up.</summary>
    public string DropboxAccessToken => Locked(_tokens.Current);

    /// <summary>What goes wrong.</summary>
    public SandboxFaults Faults { get; } = new();

    /// <summary>The Dropbox Business app in Okta.</summary>
    public DropboxApp App => _apps[0];

    /// <summary>What the Dropbox tokens may do.</summary>
    public IReadOnlySet<string> DropboxScopes
    {
        get => Locked(_ => _tokens.Scopes);
        set => Locked(_ => _tokens.Scopes = value);
    }

    /// <summary>What the person does who is asked to allow the app.</summary>
    public DropboxConsent DropboxConsent
    {
        get => Locked(_ => _tokens.Consent);
        set => Locked(_ => _tokens.Consent = value);
    }

    /// <summary>Whether the link to the team was revoked: no Dropbox token is good then.</summary>
    public bool DropboxIsRevoked
    {
        get => Locked(_ => _tokens.IsRevoked);
        set => Locked(_ => _tokens.IsRevoked = value);
    }

    /// <summary>Whether the admin who linked the Dropbox app is still an active admin.</summary>
    public bool DropboxAdminIsActive
    {
        get => Locked(_ => _dropbox.AdminIsActive);
        set => Locked(_ => _dropbox.AdminIsActive = value);
    }

    /// <summary>Everybody, with the truth about them at the time of reading; reading one by one costs no more than that one.</summary>
    public IReadOnlyList<SandboxPerson> People => new PeopleView(this);

    /// <summary>Who got Dropbox's own welcome mail, because the app was not silent when they were pushed.</summary>
    public IReadOnlyList<SandboxWelcomeMail> WelcomeMails => Locked(_ => _state.WelcomeMails.ToArray());

    /// <summary>The latest requests, oldest first, at most <see cref="SandboxOptions.RequestLogCapacity"/>.</summary>
    public IReadOnlyList<SandboxRequest> Requests => Locked(_ => _log.ToArray());

    /// <summary>How many requests a service has had in all.</summary>
    /// <param name="service">Which.</param>
    public long RequestCount(SandboxService service) => Locked(_ => _counts[(int)service]);

    /// <summary>Moves the virtual clock; what falls due on the way happens in order, each at its own time.</summary>
    /// <param name="span">How far, not negative.</param>
    /// <exception cref="InvalidOperationException">The world lives by a real clock.</exception>
    public void Advance(TimeSpan span)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(span, TimeSpan.Zero);
        if (Clock is not VirtualClock clock) throw new InvalidOperationException("This sandbox lives by a real clock, which cannot be moved.");
        clock.Pass(span);
        Locked(_ => true);
    }

    /// <summary>Ends all access tokens of the service app before their time; it may sign in again.</summary>
    public void RevokeServiceAppTokens() => Locked(_ =>
    {
        _oktaTokens.Revoke();
        return true;
    });

    /// <summary>Answers one request, whatever carried it; both services answer by path where the host is neither's.</summary>
    /// <param name="call">The request.</param>
    public SandboxAnswer Answer(SandboxCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        var path = call.Address.PathAndQuery;
        var service = call.Address.Host == DropboxOrigin.Host || path.StartsWith("/2/", StringComparison.Ordinal) || call.Address.AbsolutePath is "/oauth2/token" or "/oauth2/authorize"
            ? SandboxService.Dropbox
            : SandboxService.Okta;
        var fault = Faults.Next(path) is var drawn && Concerns(drawn, call) ? drawn : SandboxFault.None;
        return Locked(now =>
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var answer = fault is SandboxFault.Reset or SandboxFault.Hang or SandboxFault.HtmlPage ? null
                : service == SandboxService.Okta ? _okta.Answer(call, fault, now)
                : _dropbox.Answer(call, fault, now);
            if (fault != SandboxFault.None) Faults.Count();
            answer = Spoil(answer, fault);
            _counts[(int)service]++;
            _log.Enqueue(new SandboxRequest(now, service, call.Method, path, answer.IsReset ? 0 : answer.Status));
            while (_log.Count > _options.RequestLogCapacity) _log.Dequeue();
            return answer;
        });
    }

    /// <inheritdoc/>
    public void Dispose() => _disposed = true;

    // A fault of lists or of cursors says nothing to a request without one.
    private static bool Concerns(SandboxFault fault, SandboxCall call) => fault switch
    {
        SandboxFault.ExpiredCursor => call.Address.Query.Contains("after=", StringComparison.Ordinal)
            || call.Address.AbsolutePath.EndsWith("/continue_v2", StringComparison.Ordinal) || call.Address.AbsolutePath.EndsWith("/get_events/continue", StringComparison.Ordinal),
        SandboxFault.LogReset => call.Address.AbsolutePath.EndsWith("/get_events/continue", StringComparison.Ordinal),
        SandboxFault.EmptyPage or SandboxFault.EmptyEnd or SandboxFault.EmptyGap => call.Address.AbsolutePath.Contains("/members/list", StringComparison.Ordinal)
            || (fault == SandboxFault.EmptyPage && call.Address.AbsolutePath.Contains("/get_events", StringComparison.Ordinal))
            || (call.Method == "GET" && call.Address.AbsolutePath.Split('/')[^1] is "users" or "groups" or "apps"),
        _ => true,
    };

    private SandboxAnswer Spoil(SandboxAnswer? answer, SandboxFault fault) => fault == SandboxFault.HtmlPage
        ? new() { Status = 200, Headers = [], ContentType = "text/html; charset=utf-8", Body = SignInPage, Delay = Faults.Latency }
        : new()
        {
            Status = answer?.Status ?? 0,
            Headers = answer?.Headers ?? [],
            ContentType = answer?.ContentType,
            Body = answer is null ? default : fault == SandboxFault.TruncatedQuietly ? answer.Body[..(answer.Body.Length / 2)] : answer.Body,
            IsReset = fault is SandboxFault.Reset or SandboxFault.AnswerLost,
            BreaksInBody = fault == SandboxFault.Truncated,
            Delay = fault == SandboxFault.Hang ? Timeout.InfiniteTimeSpan : Faults.Latency,
            BodyDelay = fault == SandboxFault.SlowBody ? Faults.SlowBody : TimeSpan.Zero,
        };

    private SandboxPerson Describe(int number) => Locked(_ =>
    {
        ref var person = ref _state.PersonAt(number);
        return new SandboxPerson(
            person.Okta == OktaStatus.None ? _state.MemberEmail(_state.MemberAt(person.Member)) : _state.OktaEmail(number),
            $"{_state.Addresses.Given(number)} {_state.Addresses.Family(number)}",
            _state.StageOf(number),
            person.Case,
            person.Okta == OktaStatus.None ? null : _state.UserIds.Of(number),
            person.LinkedMember < 0 ? null : _state.MemberIds.Of(person.LinkedMember),
            person.Member < 0 ? null : _state.MemberIds.Of(person.Member),
            !PersonalAccounts.OwnsNow(_state, number) ? SandboxPersonalAccount.None
                : PersonalAccounts.IsPro(_state, number) ? SandboxPersonalAccount.Pro : SandboxPersonalAccount.Basic,
            person.Case == SandboxCase.RemovedDisconnected || PersonalAccounts.TraceOf(_state, number) != PersonalTrace.None || PersonalAccounts.JoinedWithOne(_state, number));
    });

    private int FindPerson(string email)
    {
        var number = _state.Addresses.Find(email, out _);
        return number >= 0
            ? number
            : throw new ArgumentException($"Nobody in the sandbox has the address '{email}'. Test-DropboxUserStatus -Domain tells who is there.", nameof(email));
    }

    private static ArgumentException CannotSignOn(string email, string why, string remedy) =>
        new($"'{email}' cannot sign on: this person {why} ({remedy}).", nameof(email));

    // Whatever looks at the world or changes it first lets happen what has fallen due.
    private T Locked<T>(Func<DateTimeOffset, T> act)
    {
        lock (_gate)
        {
            var now = Clock.GetUtcNow();
            while (_signOns.TryPeek(out var email, out var due) && due <= now.UtcTicks)
            {
                _signOns.Dequeue();
                TrySignOn(email, new DateTimeOffset(due, TimeSpan.Zero));
            }

            _state.PassTo(now);
            return act(now);
        }
    }

    private void TrySignOn(string email, DateTimeOffset now)
    {
        _state.PassTo(now);
        try
        {
            SignOn(email, now);
        }
        catch (ArgumentException)
        {
            // A visit in vain, of which nobody has to be told.
        }
    }

    private sealed class PeopleView(ProvisioningWorld world) : IReadOnlyList<SandboxPerson>
    {
        public int Count => world.Locked(_ => world._state.PersonCount);

        public SandboxPerson this[int index] => world.Describe(index);

        public IEnumerator<SandboxPerson> GetEnumerator()
        {
            for (var number = 0; number < Count; number++) yield return world.Describe(number);
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
