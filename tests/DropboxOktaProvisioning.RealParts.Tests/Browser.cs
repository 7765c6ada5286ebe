using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace DropboxOktaProvisioning.RealParts.Tests;

/// <summary>A real Chromium without a screen, driven over WebDriver, with a profile of its own.</summary>
internal sealed class Browser : IAsyncDisposable
{
    // The keys of the WebDriver specification.
    public const string Down = "\uE015", End = "\uE010", Home = "\uE011", Enter = "\uE007", Escape = "\uE00C";

    private readonly HttpClient _driver;
    private readonly Process _process;
    private readonly string _profile;
    private string _session = "";

    private Browser(HttpClient driver, Process process, string profile)
    {
        _driver = driver;
        _process = process;
        _profile = profile;
    }

    public static async Task<Browser> StartAsync()
    {
        var chromium = RealPart.Find("/usr/bin/chromium", "/usr/bin/chromium-browser");
        var driver = RealPart.Find("/usr/bin/chromedriver", "/usr/lib/chromium/chromedriver");
        RealPart.Require(chromium, "chromium");
        RealPart.Require(driver, "chromium-driver");
        var port = Loopback.FreePort();
        var process = Process.Start(new ProcessStartInfo(driver!, [string.Create(CultureInfo.InvariantCulture, $"--port={port}"), "--silent"]) { RedirectStandardOutput = true })!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var profile = Directory.CreateTempSubdirectory("chromium-").FullName;
        var client = new HttpClient { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/")), Timeout = TimeSpan.FromMinutes(5) };
        var browser = new Browser(client, process, profile);
        await RealPart.UntilAsync(browser.Answers, "chromedriver answers.");
        string[] arguments =
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--force-prefers-reduced-motion",
            "--window-size=1360,1000", $"--user-data-dir={profile}",
        ];
        var options = new Dictionary<string, object> { ["binary"] = chromium!, ["args"] = arguments };
        var wanted = new Dictionary<string, object> { ["goog:chromeOptions"] = options, ["goog:loggingPrefs"] = new { browser = "ALL" } };
        browser._session = (await browser.CallAsync(HttpMethod.Post, "session", new { capabilities = new { alwaysMatch = wanted } })).GetProperty("sessionId").GetString()!;
        return browser;
    }

    /// <summary>Opens a file and waits until its table can be used.</summary>
    /// <returns>The milliseconds from the start of the page to that, as the page itself counts them.</returns>
    public async Task<int> OpenAsync(string path)
    {
        await AskAsync(HttpMethod.Post, "url", new { url = new Uri(path).AbsoluteUri });
        return int.Parse(await TextAsync("return document.documentElement.dataset.usable ?? 'never'"), CultureInfo.InvariantCulture);
    }

    /// <summary>What a piece of JavaScript returns.</summary>
    public Task<JsonElement> RunAsync(string script, params object[] arguments) => AskAsync(HttpMethod.Post, "execute/sync", new { script, args = arguments });

    /// <summary>What a piece of JavaScript returns, as a text.</summary>
    public async Task<string> TextAsync(string script, params object[] arguments) => (await RunAsync(script, arguments)).ToString();

    /// <summary>Clicks in the middle of an element, as a person would: one that something covers cannot be clicked.</summary>
    public async Task ClickAsync(string selector) => await AskAsync(HttpMethod.Post, $"element/{await FindAsync(selector)}/click", new { });

    /// <summary>Types into an element.</summary>
    public async Task TypeAsync(string selector, string text) => await AskAsync(HttpMethod.Post, $"element/{await FindAsync(selector)}/value", new { text });

    /// <summary>Presses keys where the focus is.</summary>
    public async Task PressAsync(params string[] keys) => await AskAsync(HttpMethod.Post, "actions", new
    {
        actions = new[] { new { type = "key", id = "keyboard", actions = keys.SelectMany(key => new[] { new { type = "keyDown", value = key }, new { type = "keyUp", value = key } }) } },
    });

    /// <summary>Sends a command of the developer tools.</summary>
    public Task<JsonElement> ToolAsync(string cmd, object parameters) => AskAsync(HttpMethod.Post, "goog/cdp/execute", new { cmd, @params = parameters });

    /// <summary>What the browser wrote to its console since the last time, errors of the page and of its policy among it.</summary>
    public async Task<IReadOnlyList<string>> ConsoleAsync() =>
        [.. (await AskAsync(HttpMethod.Post, "se/log", new { type = "browser" })).EnumerateArray().Select(entry => entry.GetProperty("message").GetString()!)];

    /// <summary>Writes what is to be seen to a PNG file.</summary>
    public async Task ShootAsync(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllBytesAsync(path, (await ToolAsync("Page.captureScreenshot", new { format = "png" })).GetProperty("data").GetBytesFromBase64());
    }

    public async ValueTask DisposeAsync()
    {
        if (_session.Length > 0) await CallAsync(HttpMethod.Delete, $"session/{_session}", null);
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _driver.Dispose();
        Directory.Delete(_profile, recursive: true);
    }

    private bool Answers()
    {
        Assert.False(_process.HasExited, "chromedriver ended.");
        try
        {
            using var answer = _driver.GetAsync(new Uri("status", UriKind.Relative)).GetAwaiter().GetResult();
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task<string> FindAsync(string selector) =>
        (await AskAsync(HttpMethod.Post, "element", new { @using = "css selector", value = selector })).EnumerateObject().Single().Value.GetString()!;

    private Task<JsonElement> AskAsync(HttpMethod method, string path, object? body) => CallAsync(method, $"session/{_session}/{path}", body);

    private async Task<JsonElement> CallAsync(HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = JsonContent.Create(body);
            await request.Content.LoadIntoBufferAsync(); // chromedriver wants the length
        }

        using var answer = await _driver.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement.GetProperty("value").Clone();
    }
}
