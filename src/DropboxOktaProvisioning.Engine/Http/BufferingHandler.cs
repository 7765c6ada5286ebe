namespace DropboxOktaProvisioning.Engine.Http;

/// <summary>Reads every body to its end, within a size and a time, so that a body that breaks is seen by the retry.</summary>
internal sealed class BufferingHandler(string service, long maxBytes, TimeSpan timeout) : DelegatingHandler
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            HttpResponseMessage response = await base.SendAsync(request, limit.Token);
            try
            {
                await BufferAsync(response, CallContext.Of(request), limit.Token);
                return response;
            }
            catch
            {
                response.Dispose();
                throw;
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"No complete answer within {timeout.TotalSeconds:0} seconds.");
        }
    }

    private async Task BufferAsync(HttpResponseMessage response, CallContext call, CancellationToken cancel)
    {
        if (response.Content.Headers.ContentLength > maxBytes) throw TooLarge(call.Safe);
        var body = new PooledBody();
        try
        {
            await using (Stream source = await response.Content.ReadAsStreamAsync(cancel))
            {
                if (!await body.FillAsync(source, maxBytes, cancel)) throw TooLarge(call.Safe);
            }

            body.Headers.ContentType = response.Content.Headers.ContentType;
            if (call.ReadsAnswer && response.IsSuccessStatusCode && MediaTypes.IsJson(response) && IsCut(body.Bytes.Span))
            {
                throw new HttpRequestException(HttpRequestError.ResponseEnded, "The answer ended in the middle of its JSON.");
            }
        }
        catch
        {
            body.Dispose();
            throw;
        }

        response.Content.Dispose();
        response.Content = body;
    }

    /// <summary>Whether a list or an object lacks its last bracket. A body that breaks off just behind an inner one is found when it is read.</summary>
    private static bool IsCut(ReadOnlySpan<byte> json)
    {
        ReadOnlySpan<byte> text = json.Trim(" \t\r\n"u8);
        return text switch
        {
            [] => true,
            [(byte)'[', ..] => text.Length == 1 || text[^1] != ']',
            [(byte)'{', ..] => text.Length == 1 || text[^1] != '}',
            [(byte)'"', ..] => text.Length == 1 || text[^1] != '"',
            _ => false,
        };
    }

    private ServiceException TooLarge(bool safe) => new(ErrorIds.AnswerTooLarge, ProblemCategory.LimitsExceeded, service,
        $"{service} sent an answer of more than {maxBytes:N0} bytes.", "Check that the address is really the service's.")
    {
        MayHaveBeenApplied = !safe,
    };
}

/// <summary>Tells answers apart by what they say they are.</summary>
internal static class MediaTypes
{
    /// <summary>Whether it says it is JSON; an answer that says nothing is taken for JSON too.</summary>
    public static bool IsJson(HttpResponseMessage response) =>
        response.StatusCode != System.Net.HttpStatusCode.NoContent
        && (response.Content.Headers.ContentType?.MediaType is not { } type
            || type.EndsWith("json", StringComparison.OrdinalIgnoreCase)
            // Dropbox's older answers.
            || type.Equals("text/javascript", StringComparison.OrdinalIgnoreCase));
}
