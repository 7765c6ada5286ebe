using System.Globalization;
using DropboxOktaProvisioning.Sandbox.State;

namespace DropboxOktaProvisioning.Sandbox;

/// <summary>What can go wrong with a request.</summary>
public enum SandboxFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>429 with the service's own headers and body.</summary>
    RateLimited,

    /// <summary>Okta's 429 for too many requests at once: limit and remaining are 0. At Dropbox the same as <see cref="RateLimited"/>.</summary>
    ConcurrencyLimited,

    /// <summary>500, 502 or 503.</summary>
    ServerError,

    /// <summary>The connection breaks before the request is worked on.</summary>
    Reset,

    /// <summary>The request is worked on, and the connection breaks before the answer.</summary>
    AnswerLost,

    /// <summary>The connection breaks in the middle of the body.</summary>
    Truncated,

    /// <summary>The body is cut in the middle, with a length that fits what is left.</summary>
    TruncatedQuietly,

    /// <summary>
    /// A list page with nobody on it that goes on: the <c>next</c> link or cursor leads to the people who were left out, under a new cursor.
    /// Who stops at an empty page loses people.
    /// </summary>
    EmptyPage,

    /// <summary>A pause of <see cref="SandboxFaults.SlowBody"/> in the middle of the body.</summary>
    SlowBody,

    /// <summary>The cursor is refused; requests without one pass.</summary>
    ExpiredCursor,

    /// <summary>No answer ever comes, in real time and on every clock, until the caller gives up. Nothing is worked on.</summary>
    Hang,

    /// <summary>An HTML page with status 200 in place of the answer, as a proxy's sign-in page.</summary>
    HtmlPage,

    /// <summary>The cursor of the team's log is reset: the answer names the time to read on from. Requests without such a cursor pass.</summary>
    LogReset,

    /// <summary>A list page with nobody on it that says it is the last. Who believes it loses everybody who follows.</summary>
    EmptyEnd,

    /// <summary>A list page with nobody on it that goes on behind the people who were left out. Who believes it loses them.</summary>
    EmptyGap,
}

/// <summary>What goes wrong, by chance or by script. Thread-safe; may change while requests run.</summary>
public sealed class SandboxFaults
{
    private static readonly Dictionary<string, SandboxFault> SpecNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["429"] = SandboxFault.RateLimited,
        ["concurrency"] = SandboxFault.ConcurrencyLimited,
        ["500"] = SandboxFault.ServerError,
        ["reset"] = SandboxFault.Reset,
        ["lost"] = SandboxFault.AnswerLost,
        ["truncate"] = SandboxFault.Truncated,
        ["cut"] = SandboxFault.TruncatedQuietly,
        ["empty"] = SandboxFault.EmptyPage,
        ["slow"] = SandboxFault.SlowBody,
        ["cursor"] = SandboxFault.ExpiredCursor,
        ["hang"] = SandboxFault.Hang,
        ["html"] = SandboxFault.HtmlPage,
        ["logreset"] = SandboxFault.LogReset,
        ["end"] = SandboxFault.EmptyEnd,
        ["gap"] = SandboxFault.EmptyGap,
    };

    // A little over 1, because tenths do not add up to it exactly.
    private const double Whole = 1.000001;

    private readonly object _gate = new();
    private readonly double[] _rates = new double[Enum.GetValues<SandboxFault>().Length];
    private readonly List<Rule> _rules = [];
    private readonly Dictionary<(SandboxService, string), int> _limits = [];
    private Hash _hash = new(0);
    private int _draws;
    private long _injected;

    internal SandboxFaults()
    {
    }

    /// <summary>How long every answer takes: on a virtual clock it moves the clock, else it is waited for.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>How long <see cref="SandboxFault.SlowBody"/> pauses.</summary>
    public TimeSpan SlowBody { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long what happens takes to stand in the two services' logs.</summary>
    public TimeSpan LogDelay { get; set; }

    /// <summary>How long a 429 asks to wait.</summary>
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How many faults have happened, by chance or by script; a small bucket's refusals are not among them.</summary>
    public long Injected => Interlocked.Read(ref _injected);

    /// <summary>Begins the draws anew from a seed.</summary>
    /// <param name="seed">The seed.</param>
    public void Seed(int seed)
    {
        lock (_gate) (_hash, _draws) = (new Hash(seed), 0);
    }

    /// <summary>Lets a fault happen by chance.</summary>
    /// <param name="fault">Which.</param>
    /// <param name="rate">The share of all requests, 0 to 1; all rates together at most 1.</param>
    public void SetRate(SandboxFault fault, double rate)
    {
        if (fault == SandboxFault.None) throw new ArgumentException("The fault None has no rate.", nameof(fault));
        if (!(rate is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(rate), rate, $"The rate of {fault} must be from 0 to 1.");
        lock (_gate)
        {
            if (RateOfOthers(fault) + rate > Whole)
                throw new ArgumentOutOfRangeException(nameof(rate), rate, $"With {fault} at {rate} the rates add up to more than 1.");
            _rates[(int)fault] = rate;
        }
    }

    /// <summary>Lets a fault happen at certain requests.</summary>
    /// <param name="fault">Which.</param>
    /// <param name="path">What the request's path and query must contain, without regard to case; empty matches all.</param>
    /// <param name="nth">
    /// The first request that it hits, counted from 1 among those that match from now on, whether or not the fault means anything there.
    /// </param>
    /// <param name="times">How many matching requests in a row it hits.</param>
    public void Script(SandboxFault fault, string path = "", int nth = 1, int times = 1)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(nth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        lock (_gate) _rules.Add(new Rule(fault, path, nth, times));
    }

    /// <summary>Makes a rate bucket small.</summary>
    /// <param name="service">Whose.</param>
    /// <param name="perMinute">Requests in a window of 60 seconds.</param>
    /// <param name="bucket">One of Okta's buckets by its path, such as <c>/api/v1/apps</c>; empty is every bucket of the service.</param>
    public void LimitRequests(SandboxService service, int perMinute, string bucket = "")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(perMinute, 1);
        lock (_gate) _limits[(service, bucket)] = perMinute;
    }

    /// <summary>Reads a compact description, such as <c>429:0.1,500:0.05,reset:0.02,truncate:0.01,seed:7</c>.</summary>
    /// <param name="spec">
    /// Comma-separated <c>name:rate</c> out of 429, concurrency, 500, reset, lost, truncate, cut, empty, slow, cursor, hang, html, logreset, end, gap;
    /// <c>seed:N</c>; and <c>wait:N</c>, the seconds that a 429 asks to wait.
    /// </param>
    /// <exception cref="FormatException">A part of it is not one of these; the message says which.</exception>
    public void Apply(string spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        foreach (var part in spec.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = part.IndexOf(':', StringComparison.Ordinal);
            var name = colon < 0 ? part : part[..colon];
            var value = colon < 0 ? "" : part[(colon + 1)..];
            if (name.Equals("seed", StringComparison.OrdinalIgnoreCase))
            {
                if (!int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seed))
                    throw new FormatException($"'{part}' is not a seed. Write seed:N with a whole number.");
                Seed(seed);
                continue;
            }

            if (name.Equals("wait", StringComparison.OrdinalIgnoreCase))
            {
                if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
                    throw new FormatException($"'{part}' is not a wait. Write wait:N with whole seconds.");
                RetryAfter = TimeSpan.FromSeconds(seconds);
                continue;
            }

            if (!SpecNames.TryGetValue(name, out var fault))
                throw new FormatException($"'{name}' is not a fault. Known are {string.Join(", ", SpecNames.Keys)}, seed and wait.");
            if (!double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate) || rate is not (>= 0 and <= 1))
                throw new FormatException($"'{part}' has no rate from 0 to 1. Write for example {name}:0.1.");
            if (RateOfOthers(fault) + rate > Whole) throw new FormatException($"With '{part}' the rates add up to more than 1.");
            SetRate(fault, rate);
        }
    }

    /// <summary>Ends all faults: rates, scripts, limits and latency.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            Array.Clear(_rates);
            _rules.Clear();
            _limits.Clear();
            Latency = TimeSpan.Zero;
            LogDelay = TimeSpan.Zero;
        }
    }

    /// <summary>The fault of the next request.</summary>
    internal SandboxFault Next(string pathAndQuery)
    {
        lock (_gate)
        {
            var scripted = SandboxFault.None;
            foreach (var rule in _rules)
            {
                if (!pathAndQuery.Contains(rule.Path, StringComparison.OrdinalIgnoreCase)) continue;
                rule.Seen++;
                if (rule.Seen >= rule.Nth && rule.Seen < rule.Nth + rule.Times && scripted == SandboxFault.None) scripted = rule.Fault;
            }

            if (scripted != SandboxFault.None) return scripted;
            var draw = (_hash.Draw(_draws++, 50) >> 11) * (1.0 / (1UL << 53));
            for (var fault = 1; fault < _rates.Length; fault++)
            {
                draw -= _rates[fault];
                if (draw < 0) return (SandboxFault)fault;
            }

            return SandboxFault.None;
        }
    }

    /// <summary>A draw from 0 to below <paramref name="bound"/> for the details of a fault.</summary>
    internal int Draw(int bound)
    {
        lock (_gate) return _hash.Below(bound, _draws++, 51);
    }

    /// <summary>Counts a fault that happened.</summary>
    internal void Count() => Interlocked.Increment(ref _injected);

    /// <summary>The limit of a bucket, or null for its own.</summary>
    internal int? LimitOf(SandboxService service, string bucket)
    {
        lock (_gate) return _limits.TryGetValue((service, bucket), out var limit) || _limits.TryGetValue((service, ""), out limit) ? limit : null;
    }

    private double RateOfOthers(SandboxFault fault)
    {
        lock (_gate) return _rates.Sum() - _rates[(int)fault];
    }

    private sealed class Rule(SandboxFault fault, string path, int nth, int times)
    {
        public SandboxFault Fault { get; } = fault;

        public string Path { get; } = path;

        public int Nth { get; } = nth;

        public int Times { get; } = times;

        public int Seen { get; set; }
    }
}
