namespace DropboxOktaProvisioning.Engine.Http;

/// <summary>Counts every request that was answered, notes what it told of rate limits, and reports every one that was sent.</summary>
internal sealed class RequestLogHandler(string service, RequestCounter counter, RateLimitsSeen limits) : DelegatingHandler
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // How long it took is a fact of the machine, so it is read from the machine's clock.
        long start = TimeProvider.System.GetTimestamp();
        int status = 0;
        try
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            status = (int)response.StatusCode;
            counter.Add(TimeProvider.System.GetElapsedTime(start));
            limits.Note(request, response);
            return response;
        }
        finally
        {
            CallContext.Of(request).Progress?.Report(new RequestDone(
                service, request.Method.Method, Shown(request.RequestUri!), status, TimeProvider.System.GetElapsedTime(start)));
        }
    }

    /// <summary>The path, and the query without the values that name people or are cursors.</summary>
    private static string Shown(Uri address) => address.Query.Length == 0 ? address.AbsolutePath
        : $"{address.AbsolutePath}?{string.Join('&', address.Query[1..].Split('&').Select(ShownParameter))}";

    private static string ShownParameter(string parameter)
    {
        string name = parameter.Split('=')[0];
        return name is "limit" or "expand" or "filter" || name.Length == parameter.Length ? parameter : name + "=…";
    }
}

/// <summary>How many requests were answered, repeats included, and how long that took.</summary>
internal sealed class RequestCounter
{
    private int _value;
    private long _ticks;

    public int Value => Volatile.Read(ref _value);

    /// <summary>How long an answer took on average; null before one came.</summary>
    public TimeSpan? Average => Value is var count and > 0 ? TimeSpan.FromTicks(Interlocked.Read(ref _ticks) / count) : null;

    public void Add(TimeSpan elapsed)
    {
        Interlocked.Add(ref _ticks, elapsed.Ticks);
        Interlocked.Increment(ref _value);
    }
}
