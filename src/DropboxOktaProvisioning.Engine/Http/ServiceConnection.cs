using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;

namespace DropboxOktaProvisioning.Engine.Http;

/// <summary>One signed-in line to a service: its handlers, its token and its count. It owns them and disposes them.</summary>
/// <remarks>
/// Outside in: retry → budget → token → count and report → body in memory → network. The token stands outside the count, so that the repeat after
/// a renewal counts as the request that it is.
/// </remarks>
internal sealed class ServiceConnection : IDisposable
{
    private static readonly ProductInfoHeaderValue Product = new(
        nameof(DropboxOktaProvisioning), typeof(ServiceConnection).Assembly.GetName().Version?.ToString(3) ?? "0");

    private readonly ServiceProvider _services;
    private readonly RequestCounter _counter = new();
    private readonly Func<FailedAnswer, ServiceException> _readError;
    private readonly TimeProvider _time;
    private readonly ITokenSource _tokens;
    private HttpMessageHandler? _primary;
    private volatile bool _closed;
    private long _clockAhead = long.MinValue;

    /// <param name="service">The service's name.</param>
    /// <param name="origin">Scheme, host and port; nothing is ever sent elsewhere.</param>
    /// <param name="tokens">Makes the source of tokens; it may use the connection to renew them.</param>
    /// <param name="readError">Turns an answer that is no success into an error.</param>
    /// <param name="options">How to behave.</param>
    public ServiceConnection(
        string service, Uri origin, Func<ServiceConnection, ITokenSource> tokens, Func<FailedAnswer, ServiceException> readError, ConnectionOptions options)
    {
        Service = service;
        Origin = origin;
        _readError = readError;
        _time = options.Time;
        CeilingPercent = options.CeilingPercent;
        RateLimits = new RateLimitsSeen(bucket => RateBudgets.By(_time).Find(BudgetOwner, bucket)?.Seen(_time.GetUtcNow()), CeilingPercent);
        _tokens = tokens(this);
        var policy = new RetryPolicy(options.Retry, options.Time, _counter);
        var services = new ServiceCollection();
        services.AddHttpClient(service, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers()
            // Sockets renew their own connections, so the handlers live as long as the connection.
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .AddHttpMessageHandler(() => new RetryHandler(service, policy, options.Retry.MaxRetries, options.Time))
            .AddHttpMessageHandler(() => new GovernorHandler(service, this, options))
            .AddHttpMessageHandler(() => new AuthorizationHandler(service, origin, _tokens))
            .AddHttpMessageHandler(() => new RequestLogHandler(service, _counter, RateLimits, options.Time))
            .AddHttpMessageHandler(() => new BufferingHandler(service, options.MaxAnswerBytes, options.Retry.AttemptTimeout))
            .ConfigurePrimaryHttpMessageHandler(() => _primary = (options.PrimaryHandler ?? Sockets)());
        _services = services.BuildServiceProvider();
    }

    public string Service { get; }

    public Uri Origin { get; }

    /// <summary>When the token in use ends; null where that is not known.</summary>
    public DateTimeOffset? TokenExpires => _tokens.Expires;

    /// <summary>What the token in use may do, as the service said; empty where that is not known.</summary>
    public IReadOnlyList<string> Scopes => _tokens.Scopes;

    public int RequestCount => _counter.Value;

    /// <summary>How long an answer took on average; null before one came.</summary>
    public TimeSpan? AnswerTime => _counter.Average;

    /// <summary>How much of each rate limit is taken, in percent.</summary>
    public int CeilingPercent { get; }

    /// <summary>By how much the service's clock is ahead of ours, as its last answer told; null before one did. Its time has whole seconds.</summary>
    public TimeSpan? ClockAhead => Volatile.Read(ref _clockAhead) is var ticks and not long.MinValue ? TimeSpan.FromTicks(ticks) : null;

    /// <summary>Who has rate buckets of its own at the service, such as a Dropbox team; null where the origin has them.</summary>
    public string? Account { get; set; }

    /// <summary>Whose rate buckets this connection takes from.</summary>
    public string BudgetOwner => $"{Origin.GetLeftPart(UriPartial.Authority)} {Account}".TrimEnd();

    /// <summary>What the answers told about rate limits.</summary>
    public RateLimitsSeen RateLimits { get; }

    /// <summary>Sends a request and reads the answer into memory.</summary>
    /// <exception cref="ServiceException">Anything but a success in JSON.</exception>
    public async Task<Answer> SendAsync(ServiceRequest request, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        if (_closed) throw Closed();
        using HttpRequestMessage message = ToMessage(request, progress);
        HttpResponseMessage response;
        try
        {
            HttpClient client = _services.GetRequiredService<IHttpClientFactory>().CreateClient(Service);
            response = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancel);
        }
        catch (Exception e) when (Transport.IsFailure(e))
        {
            // A socket that is torn down by the cancellation may say so in its own way.
            cancel.ThrowIfCancellationRequested();
            throw _closed ? Closed() : Transport.ToError(e, Service, Origin, request.Safe);
        }
        catch (Exception) when (_closed && !cancel.IsCancellationRequested)
        {
            throw Closed();
        }

        if (response.Headers.Date is { } told) Volatile.Write(ref _clockAhead, (told - _time.GetUtcNow()).Ticks);
        if (response.IsSuccessStatusCode && (!request.ReadsAnswer || MediaTypes.IsJson(response))) return new Answer(Service, request.About, response);
        using (response)
        {
            // A fake network may leave it out; the redaction of quoted texts needs it.
            response.RequestMessage = message;
            throw _readError(new FailedAnswer(request, response, Origin, _time.GetUtcNow()));
        }
    }

    public void Dispose()
    {
        if (_closed) return;
        _closed = true;
        _services.Dispose();
        _primary?.Dispose();
        _tokens.Dispose();
    }

    private static SocketsHttpHandler Sockets() => new()
    {
        // A redirect would carry the token along, and cookies are state that nobody asked for.
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = System.Net.DecompressionMethods.All,
        ConnectTimeout = TimeSpan.FromSeconds(15),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        ActivityHeadersPropagator = null,
    };

    private HttpRequestMessage ToMessage(ServiceRequest request, IProgress<RunEvent>? progress)
    {
        var message = new HttpRequestMessage(request.Method, request.Page ?? new Uri(Origin, request.Address)) { Content = request.Content?.Invoke() };
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        message.Headers.UserAgent.Add(new ProductInfoHeaderValue(Product.Product!));
        new CallContext(request.Safe, request.Anonymous, request.Signer, progress, request.ReadsAnswer) { Pages = request.Pages, HasFixedSize = request.HasFixedSize }.AttachTo(message);
        return message;
    }

    private ServiceException Closed() => new(
        ErrorIds.ConnectionClosed, ProblemCategory.InvalidOperation, Service, $"The connection to {Service} at {Origin.Host} is closed.", "Connect again.");
}
