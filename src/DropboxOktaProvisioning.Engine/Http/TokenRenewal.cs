using System.Net.Http.Headers;
using System.Security;

namespace DropboxOktaProvisioning.Engine.Http;

/// <summary>A token with an end.</summary>
/// <param name="scheme">How it stands in the header: <c>Bearer</c> or <c>DPoP</c>.</param>
/// <param name="token">The token.</param>
/// <param name="expires">When it ends.</param>
/// <param name="scopes">What it may do, as the service said; empty where it did not.</param>
internal sealed class IssuedToken(string scheme, SecureString token, DateTimeOffset expires, IReadOnlyList<string> scopes) : IDisposable
{
    public string Scheme { get; } = scheme;

    public DateTimeOffset Expires { get; } = expires;

    public IReadOnlyList<string> Scopes { get; } = scopes;

    public AuthenticationHeaderValue ToHeader() => new(Scheme, SecretText.Reveal(token));

    public void Dispose() => token.Dispose();
}

/// <summary>Keeps the token in use, and has a new one made a little before it ends, one at a time.</summary>
/// <param name="request">Asks the service for a token.</param>
/// <param name="time">The clock.</param>
internal sealed class TokenRenewal(Func<IProgress<RunEvent>?, CancellationToken, Task<IssuedToken>> request, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(5);
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile IssuedToken? _issued;

    /// <summary>When the token in use ends; null before the first.</summary>
    public DateTimeOffset? Expires => _issued?.Expires;

    /// <summary>What the token in use may do, as the service said; empty where it did not.</summary>
    public IReadOnlyList<string> Scopes => _issued?.Scopes ?? [];

    /// <summary>The header for the next try.</summary>
    public async ValueTask<AuthenticationHeaderValue> GetAsync(IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        if (_issued is not { } issued || !IsFresh(issued)) issued = await RenewAsync(IsFresh, progress, cancel);
        return issued.ToHeader();
    }

    /// <summary>Has a new token made in place of one that was refused, unless another request has done so meanwhile.</summary>
    public Task ReplaceAsync(AuthenticationHeaderValue? refused, IProgress<RunEvent>? progress, CancellationToken cancel) =>
        RenewAsync(issued => issued.ToHeader().Parameter != refused?.Parameter, progress, cancel);

    /// <summary>Reads what both services answer a request for a token with.</summary>
    public static IssuedToken Read(Answer answer, TokenJson json, string scheme, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(json.AccessToken) || json.AccessToken.Any(c => c is < '!' or > '~')) throw answer.Malformed("it holds no access token");
        if (json.ExpiresIn is not > 0) throw answer.Malformed("it does not say when the access token ends");
        return new IssuedToken(
            scheme, SecretText.Protect(json.AccessToken), now + TimeSpan.FromSeconds(json.ExpiresIn.Value),
            json.Scope?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? []);
    }

    public void Dispose()
    {
        _gate.Dispose();
        _issued?.Dispose();
    }

    private bool IsFresh(IssuedToken issued) => issued.Expires - Early > time.GetUtcNow();

    private async Task<IssuedToken> RenewAsync(Func<IssuedToken, bool> isGood, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        await _gate.WaitAsync(cancel);
        try
        {
            if (_issued is { } other && isGood(other)) return other;
            // The old token is left to the collector: a request on another thread may be reading it right now.
            return _issued = await request(progress, cancel);
        }
        finally
        {
            _gate.Release();
        }
    }
}
