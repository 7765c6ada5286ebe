using System.Net.Http;
using System.Text;
using System.Text.RegularExpressions;

namespace DropboxOktaProvisioning.Sandbox.Tests.Workflow;

/// <summary>Stands between the clients and the sandbox, and lets people have each other's address in both services.</summary>
internal sealed class SwappedAddresses
{
    private readonly List<(string One, string Other)> _swaps = [];

    /// <summary>From now on each of the two has the other's address.</summary>
    public void Swap(string one, string other)
    {
        _swaps.Add((one, other));
        _swaps.Add((Uri.EscapeDataString(one), Uri.EscapeDataString(other)));
    }

    public HttpMessageHandler Over(SandboxHandler network) => new Handler(this, network);

    private string Of(string text) => _swaps.Aggregate(text, (before, swap) => Regex.Replace(
        before, $"{Regex.Escape(swap.One)}|{Regex.Escape(swap.Other)}", found => found.Value.Equals(swap.One, StringComparison.OrdinalIgnoreCase) ? swap.Other : swap.One, RegexOptions.IgnoreCase));

    private sealed class Handler(SwappedAddresses addresses, HttpMessageHandler network) : DelegatingHandler(network)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri = new Uri(addresses.Of(request.RequestUri!.AbsoluteUri));
            request.Content = await OfAsync(request.Content, cancellationToken);
            var response = await base.SendAsync(request, cancellationToken);
            response.Content = await OfAsync(response.Content, cancellationToken);
            return response;
        }

        private async Task<HttpContent?> OfAsync(HttpContent? content, CancellationToken cancel)
        {
            if (content?.Headers.ContentType is not { MediaType: "application/json" } type) return content;
            return new StringContent(addresses.Of(await content.ReadAsStringAsync(cancel)), Encoding.UTF8) { Headers = { ContentType = type } };
        }
    }
}
