using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace DropboxOktaProvisioning.Engine.Http;

/// <summary>How many entries a list's pages are asked for: half as many after the service did not manage one, and more again after some that it did.</summary>
internal sealed partial class PageSize
{
    /// <summary>No page is asked for smaller than this.</summary>
    public const int Smallest = 50;

    private readonly int _largest;
    private int _current;
    private int _managed;
    private bool _hasShrunk;
    private int _patience = 2; // so many pages in a row make the next one larger; after each failure twice as many

    /// <param name="address">The address of the first page; its <c>limit</c> is the size to begin with and to come back to.</param>
    public PageSize(string address)
    {
        _largest = Limit().Match(address) is { Success: true } found ? int.Parse(found.ValueSpan, CultureInfo.InvariantCulture) : 0;
        _current = _largest;
    }

    /// <summary>Whether a smaller page may help: the service had no time for this one, or broke over it.</summary>
    public static bool IsTooMuch(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or HttpStatusCode.InternalServerError or HttpStatusCode.GatewayTimeout;

    /// <summary>Makes a request that the service did not manage smaller, if it can be.</summary>
    public void Shrink(HttpRequestMessage request)
    {
        if (_current <= Smallest) return;
        (_current, _managed, _patience, _hasShrunk) = (Math.Max(Smallest, _current / 2), 0, _patience * 2, true);
        request.RequestUri = Apply(request.RequestUri!);
    }

    /// <summary>The address of the page after one that the service managed: untouched as long as no page was too much.</summary>
    public Uri After(Uri next)
    {
        if (_current < _largest && ++_managed >= _patience) (_current, _managed) = (Math.Min(_largest, _current * 2), 0);
        return Apply(next);
    }

    private Uri Apply(Uri page)
    {
        if (!_hasShrunk || Limit().Match(page.OriginalString) is not { Success: true } found || found.ValueSpan.SequenceEqual(Text(_current))) return page;
        var untouched = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        return new Uri($"{page.OriginalString[..found.Index]}{Text(_current)}{page.OriginalString[(found.Index + found.Length)..]}", in untouched);
    }

    private static string Text(int size) => size.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(?<=[?&]limit=)\d+")]
    private static partial Regex Limit();
}
