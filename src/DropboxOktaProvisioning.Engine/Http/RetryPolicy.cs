using System.Net;

namespace DropboxOktaProvisioning.Engine.Http;

/// <summary>Whether to try again, after how long, and why in a sentence.</summary>
internal readonly record struct RetryDecision(TimeSpan Delay, string Reason);

/// <summary>Decides after each try. A request that only reads is repeated after any passing trouble; a change only when it surely never ran.</summary>
internal sealed class RetryPolicy(RetryOptions options, TimeProvider time, RequestCounter answered)
{
    private readonly Random _random = options.Seed is { } seed ? new Random(seed) : new Random();

    /// <summary>Decides about an answer; null means that it stands.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="safe">Whether the request only reads.</param>
    /// <param name="attempt">Which try it was, from 0.</param>
    public RetryDecision? After(HttpResponseMessage response, bool safe, int attempt)
    {
        TimeSpan? asked;
        switch (response.StatusCode)
        {
            // A limited request was not carried out, so even a change may be repeated.
            case HttpStatusCode.TooManyRequests:
                asked = RateLimit.AskedWait(response, time.GetUtcNow());
                return asked > options.MaxWait ? null
                    : asked is { } wait ? new(wait, "The rate limit is reached.")
                    : RateLimit.IsConcurrency(response) ? new(TimeSpan.FromSeconds(1 << Math.Min(attempt, 3)), "There are too many requests at the same time.")
                    : new(Backoff(attempt), "The rate limit is reached.");
            case HttpStatusCode.ServiceUnavailable when options.UnavailableDidNotRun && response.Headers.RetryAfter is not null:
                asked = RateLimit.AskedWait(response, time.GetUtcNow());
                return asked > options.MaxWait ? null : new(Max(Backoff(attempt), asked), "The service is busy.");
            case HttpStatusCode.NotImplemented:
                return null;
            case HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError when safe:
                asked = RateLimit.AskedWait(response, time.GetUtcNow());
                return asked > options.MaxWait ? null : new(Max(Backoff(attempt), asked), $"The service failed ({(int)response.StatusCode}).");
            default:
                return null;
        }
    }

    /// <summary>Decides about a request that got no answer; null means that the failure stands.</summary>
    public RetryDecision? After(Exception failure, bool safe, int attempt)
    {
        bool repeatable = safe || Transport.NeverLeft(failure);
        return repeatable && Transport.IsTransient(failure, answered.Value > 0) ? new(Backoff(attempt), Transport.Brief(failure)) : null;
    }

    private static TimeSpan Max(TimeSpan own, TimeSpan? asked) => asked > own ? asked.Value : own;

    /// <summary>Doubles from try to try, and takes a random part off so that many clients do not come back together.</summary>
    private TimeSpan Backoff(int attempt)
    {
        double full = Math.Min(options.BaseDelay.TotalSeconds * Math.Pow(2, attempt), options.MaxDelay.TotalSeconds);
        lock (_random) return TimeSpan.FromSeconds(full * (0.5 + (_random.NextDouble() / 2)));
    }
}
