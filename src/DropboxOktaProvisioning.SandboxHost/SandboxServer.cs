using System.Net;
using DropboxOktaProvisioning.Sandbox;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DropboxOktaProvisioning.SandboxHost;

/// <summary>Serves a world on one loopback port. The two services' paths do not collide, so both have the same address.</summary>
public sealed class SandboxServer : IAsyncDisposable
{
    private const int LargestBody = 1 << 20;
    private readonly WebApplication _application;

    private SandboxServer(WebApplication application) => _application = application;

    /// <summary>The address of both services.</summary>
    public Uri Origin => new(_application.Urls.First());

    /// <summary>Starts serving.</summary>
    /// <param name="world">The world.</param>
    /// <param name="port">The port, 0 for a free one.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<SandboxServer> StartAsync(ProvisioningWorld world, int port = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(world);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        var application = builder.Build();
        application.Run(context => AnswerAsync(world, context));
        try
        {
            await application.StartAsync(cancellationToken);
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }

        return new SandboxServer(application);
    }

    /// <summary>Ends when the process is asked to (Ctrl+C, SIGTERM) or the token says so.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken = default) => _application.WaitForShutdownAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _application.DisposeAsync();

    /// <summary>The address as it was sent: a proof of possession is over these very characters.</summary>
    private static Uri AddressOf(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return new Uri(target.StartsWith('/') ? $"{context.Request.Scheme}://{context.Request.Host}{target}" : target);
    }

    private static async Task AnswerAsync(ProvisioningWorld world, HttpContext context)
    {
        var began = world.Clock.GetTimestamp();
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var answer = world.Answer(new SandboxCall
        {
            Method = context.Request.Method,
            Address = AddressOf(context),
            Header = name => context.Request.Headers.TryGetValue(name, out var values) ? values.ToString() : null,
            Body = body.ToArray(),
        });
        // An answer takes so long altogether, its making among it; one that never comes has no rest to reckon.
        var rest = answer.Delay > TimeSpan.Zero ? TimeSpan.FromTicks(Math.Max(0, (answer.Delay - world.Clock.GetElapsedTime(began)).Ticks)) : answer.Delay;
        if (rest != TimeSpan.Zero) await Task.Delay(rest, world.Clock, context.RequestAborted);
        if (answer.IsReset)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers) context.Response.Headers.Append(name, value);
        context.Response.ContentType = answer.ContentType;
        context.Response.ContentLength = answer.Body.Length;
        if (!answer.BreaksInBody && answer.BodyDelay == TimeSpan.Zero)
        {
            await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
            return;
        }

        var half = answer.Body.Length / 2;
        await context.Response.Body.WriteAsync(answer.Body[..half], context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        if (answer.BreaksInBody)
        {
            context.Abort();
            return;
        }

        await Task.Delay(answer.BodyDelay, world.Clock, context.RequestAborted);
        await context.Response.Body.WriteAsync(answer.Body[half..], context.RequestAborted);
    }
}
