namespace DropboxOktaProvisioning.Engine.Http;

/// <summary>A request to a service, before it is made into HTTP.</summary>
/// <param name="Method">The verb.</param>
/// <param name="Address">Absolute, or a path and query under the connection's origin.</param>
internal sealed record ServiceRequest(HttpMethod Method, string Address)
{
    /// <summary>What it is about, for messages: <c>the app's users</c>.</summary>
    public required string About { get; init; }

    /// <summary>The scope or permission that it needs.</summary>
    public required string Permission { get; init; }

    /// <summary>Only reads, so it may be repeated after an unclear answer.</summary>
    public bool Safe { get; init; } = true;

    /// <summary>What the answer holds is wanted; else only that it is a success counts.</summary>
    public bool ReadsAnswer { get; init; } = true;

    /// <summary>Is sent without the token.</summary>
    public bool Anonymous { get; init; }

    /// <summary>Signs each try of a request that is sent without the token; null leaves it as it is.</summary>
    public IRequestSigner? Signer { get; init; }

    /// <summary>A page's address that the service wrote, used in place of <see cref="Address"/>.</summary>
    public Uri? Page { get; init; }

    /// <summary>The place in a list that the service named for this page; null for a first page and for what is no list.</summary>
    public string? Cursor { get; init; }

    /// <summary>How large the pages are of the list that this is one of; null where their size is not in the address.</summary>
    public PageSize? Pages { get; init; }

    /// <summary>Whether it is for a page whose size is in its cursor: where no answer comes in time, a new list with smaller pages helps sooner than asking on.</summary>
    public bool HasFixedSize { get; init; }

    /// <summary>The error's id where the service has no such thing.</summary>
    public string NotFoundId { get; init; } = ErrorIds.RequestRefused;

    /// <summary>Makes a fresh body.</summary>
    public Func<HttpContent>? Content { get; init; }

    /// <summary>The thing asked for, for errors.</summary>
    public object? Target { get; init; }

    /// <summary>Secrets that the body holds, kept out of messages.</summary>
    public IReadOnlyList<string?> Secrets { get; init; } = [];
}

/// <summary>An answer that is no success, or no JSON.</summary>
/// <param name="Request">What was asked.</param>
/// <param name="Response">The answer, buffered.</param>
/// <param name="Origin">Who answered.</param>
/// <param name="Now">The time.</param>
internal sealed record FailedAnswer(ServiceRequest Request, HttpResponseMessage Response, Uri Origin, DateTimeOffset Now)
{
    /// <summary>The most of a plain text that a message quotes.</summary>
    private const int LongestQuote = 300;

    public int Status => (int)Response.StatusCode;

    public ReadOnlySpan<byte> Body => ((PooledBody)Response.Content).Bytes.Span;

    private string? Proof => Response.RequestMessage?.Headers.TryGetValues("DPoP", out IEnumerable<string>? values) is true ? values.First() : null;

    /// <summary>A text that the service wrote, fit for a message: one line, not too long, and without the secrets that it may quote back.</summary>
    public string? Quote(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        text = SecretText.Redact(text, [Response.RequestMessage?.Headers.Authorization?.Parameter, Proof, .. Request.Secrets]);
        text = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return text.Length <= LongestQuote ? text : text[..LongestQuote] + "…";
    }
}
