namespace DropboxOktaProvisioning.Engine.Http;

/// <summary>Counts every request that was answered, notes what it told of rate limits, and reports every one that was sent.</summary>
internal sealed class RequestLogHandler(string service, RequestCounter counter, RateLimitsSeen limits, TimeProvider time) : DelegatingHandler
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // What is shown is a fact of the machine, and so by the machine's clock; what a forecast rests on is by the clock that the waits go by.
        long start = TimeProvider.System.GetTimestamp();
        long counted = time.GetTimestamp();
        int status = 0;
        try
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            status = (int)response.StatusCode;
            counter.Add(time.GetElapsedTime(counted));
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
