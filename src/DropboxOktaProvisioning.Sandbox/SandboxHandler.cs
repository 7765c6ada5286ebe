using System.Net;
using System.Net.Sockets;
using DropboxOktaProvisioning.Sandbox.Clock;

namespace DropboxOktaProvisioning.Sandbox;

/// <summary>
/// Carries HTTP requests to a <see cref="ProvisioningWorld"/> without a network, and breaks as a network breaks.
/// Hosts other than the world's two are unknown, as to a resolver.
/// </summary>
/// <param name="world">The world.</param>
public sealed class SandboxHandler(ProvisioningWorld world) : HttpMessageHandler
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var address = request.RequestUri ?? throw new InvalidOperationException("The request has no address.");
        var origin = address.GetLeftPart(UriPartial.Authority);
        if (origin != world.OktaOrigin.GetLeftPart(UriPartial.Authority) && origin != world.DropboxOrigin.GetLeftPart(UriPartial.Authority))
        {
            throw new HttpRequestException(
                HttpRequestError.NameResolutionError,
                $"No such host is known. ({address.Authority})",
                new SocketException((int)SocketError.HostNotFound));
        }

        // A network never answers on the caller's own stack.
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        var answer = world.Answer(new SandboxCall
        {
            Method = request.Method.Method,
            Address = address,
            Header = name => Header(request, name),
            Body = body,
        });
        await PauseAsync(answer.Delay, cancellationToken);
        if (answer.IsReset)
        {
            throw new HttpRequestException(
                HttpRequestError.ResponseEnded,
                "An error occurred while sending the request.",
                new SocketException((int)SocketError.ConnectionReset));
        }

        var response = new HttpResponseMessage((HttpStatusCode)answer.Status)
        {
            RequestMessage = request,
            Content = new SandboxContent(answer, PauseAsync),
        };
        foreach (var (name, value) in answer.Headers) response.Headers.TryAddWithoutValidation(name, value);
        if (answer.ContentType is not null) response.Content.Headers.TryAddWithoutValidation("Content-Type", answer.ContentType);
        return response;
    }

    private static string? Header(HttpRequestMessage request, string name) =>
        request.Headers.NonValidated.TryGetValues(name, out var values)
        || (request.Content?.Headers.NonValidated.TryGetValues(name, out values) ?? false)
            ? values.ToString()
            : null;

    private async Task PauseAsync(TimeSpan span, CancellationToken cancellationToken)
    {
        if (span == TimeSpan.Zero) return;
        if (span == Timeout.InfiniteTimeSpan) await Task.Delay(span, cancellationToken);
        else if (world.Clock is VirtualClock clock) clock.Pass(span);
        else await Task.Delay(span, world.Clock, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
    }
}
