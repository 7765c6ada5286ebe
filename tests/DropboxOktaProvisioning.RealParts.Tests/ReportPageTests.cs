using System.Globalization;
using DropboxOktaProvisioning.Engine.Reports;
using DropboxOktaProvisioning.Engine.Tests.Journal;
using Xunit.Abstractions;

namespace DropboxOktaProvisioning.RealParts.Tests;

/// <summary>The report in a real browser: it is used as a person would, and the browser has nothing to complain of.</summary>
/// <remarks>The pictures are left in <c>artifacts/report</c>, for people to look at.</remarks>
public sealed class ReportPageTests(ITestOutputHelper output) : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private readonly JournalFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    private static string Pictures => Path.Combine(Root(), "artifacts", "report");

    [SkippableTheory]
    [InlineData(10)]
    [InlineData(100_000)]
    public async Task It_opens_is_searched_sorted_filtered_walked_through_by_keyboard_and_printed(int count)
    {
        await using var browser = await Browser.StartAsync();
        var people = People(count);
        var path = await WriteAsync(people, earlier: [.. people.Select(person => person with { Stage = ProvisioningStage.AwaitingActivation, DropboxStatus = "invited" })]);
        var bytes = new FileInfo(path).Length;
        var usable = await browser.OpenAsync(path);
        output.WriteLine(FormattableString.Invariant($"{count} rows: {bytes / 1e6:0.0} MB, usable after {usable} ms"));
        Assert.True(bytes < 20_000_000, "more than 20 MB");
        await browser.ShootAsync(Path.Combine(Pictures, FormattableString.Invariant($"{count}-light.png")));
        string[] addresses = [.. people.Select(person => person.Email).Order(StringComparer.OrdinalIgnoreCase)];
        Assert.Equal(addresses.Take(5), (await CellsAsync(browser, 1)).Take(5));
        Assert.Equal(count + 1, int.Parse(await browser.TextAsync("return document.querySelector('#table').ariaRowCount"), CultureInfo.InvariantCulture));
        Assert.True((await CellsAsync(browser, 1)).Length <= 80, "rows out of sight are in the page");

        // Sorted both ways by a click on the header, ties by address.
        foreach (var down in (bool[])[false, true])
        {
            await browser.ClickAsync("#table thead th:nth-child(5) button");
            Assert.Equal(down ? "descending" : "ascending", await browser.TextAsync("return document.querySelector('#table thead th:nth-child(5)').ariaSort"));
            var expected = people.OrderBy(person => (person.DaysWaiting ?? -1) * (down ? -1 : 1)).ThenBy(person => person.Email, StringComparer.OrdinalIgnoreCase).Select(person => person.Email);
            Assert.Equal(expected.Take(5), (await CellsAsync(browser, 1)).Take(5));
        }

        await browser.ClickAsync("#table thead th:nth-child(1) button");
        Assert.Equal("none", await browser.TextAsync("return document.querySelector('#table thead th:nth-child(5)').ariaSort"));
        Assert.Equal(people.Select(person => person.Name!).Order(StringComparer.OrdinalIgnoreCase).Take(5), (await CellsAsync(browser, 0)).Take(5));

        // Searched: all words must fit, in any column, without regard to case and accents.
        await browser.TypeAsync("#search", "ZOE sales");
        var wanted = people.Count(person => person.Name!.Contains("Zoé", StringComparison.Ordinal) && person.Department == "Sales");
        Assert.True(wanted > 0);
        Assert.Equal(FormattableString.Invariant($"{wanted:N0} of {count:N0} people"), await browser.TextAsync("return document.querySelector('#found').textContent"));
        Assert.All(await CellsAsync(browser, 0), name => Assert.Contains("Zoé", name, StringComparison.Ordinal));
        await browser.ClickAsync("#reset");

        // Filtered by a stage, by a reason, by a step that was not reached, and by a change.
        foreach (var (selector, fits) in new (string, Func<DropboxUserStatus, bool>)[]
        {
            ("button[data-kind=stage][data-value='4']", person => person.Stage is ProvisioningStage.CannotSignOn),
            ("button[data-kind=obstacle][data-value='0']", person => person.Stage is ProvisioningStage.AwaitingActivation),
            ("button[data-kind=missing][data-value='8']", person => person.Stage is not ProvisioningStage.Active),
            ("button[data-kind=change][data-value='1 0']", person => person.Stage is ProvisioningStage.Active),
        })
        {
            await browser.RunAsync("document.querySelector(arguments[0]).scrollIntoView({ block: 'center', behavior: 'instant' })", selector);
            await browser.ClickAsync(selector);
            Assert.StartsWith(FormattableString.Invariant($"{people.Count(fits):N0} of {count:N0} people"), await browser.TextAsync("return document.querySelector('#found').textContent"), StringComparison.Ordinal);
            Assert.Equal("true", await browser.TextAsync("return document.querySelector(arguments[0]).ariaPressed", selector));
        }

        await browser.ClickAsync("#reset");

        // By keyboard: to the last row and back up, and a person's facts in a dialog that Escape closes.
        await browser.ClickAsync("#table thead th:nth-child(2) button");
        await browser.RunAsync("document.querySelector('#table tbody button').focus()");
        await browser.PressAsync(Browser.Down, Browser.Down, Browser.End);
        Assert.Equal(FormattableString.Invariant($"{count + 1}"), await browser.TextAsync("return document.activeElement.closest('tr').ariaRowIndex"));
        Assert.Equal(addresses[^1], await browser.TextAsync("return document.activeElement.closest('tr').cells[1].textContent"));
        await browser.PressAsync(Browser.Home, Browser.Down, Browser.Enter);
        Assert.Equal("true True", await browser.TextAsync("return document.querySelector('#person').open + ' ' + (document.querySelector('#facts').textContent.includes(arguments[0]) ? 'True' : 'False')", addresses[1]));
        await browser.PressAsync(Browser.Escape);
        Assert.Equal("false", await browser.TextAsync("return String(document.querySelector('#person').open)"));

        // Dark where the reader's system is; and printed, with the first rows only.
        var light = await browser.TextAsync("return getComputedStyle(document.body).backgroundColor");
        await browser.ToolAsync("Emulation.setEmulatedMedia", new { features = new[] { new { name = "prefers-color-scheme", value = "dark" } } });
        Assert.NotEqual(light, await browser.TextAsync("return getComputedStyle(document.body).backgroundColor"));
        await browser.RunAsync("scrollTo({ top: 0, behavior: 'instant' })");
        await browser.ShootAsync(Path.Combine(Pictures, FormattableString.Invariant($"{count}-dark.png")));
        await browser.RunAsync("window.printedRows = 0; new MutationObserver(() => { window.printedRows = Math.max(window.printedRows, document.querySelectorAll('#table tbody tr:not(.space)').length); }).observe(document.querySelector('#table tbody'), { childList: true })");
        var pdf = (await browser.ToolAsync("Page.printToPDF", new { printBackground = true })).GetProperty("data").GetBytesFromBase64();
        Assert.Equal("%PDF"u8.ToArray(), pdf[..4]);
        Assert.Equal(Math.Min(count, 500), int.Parse(await browser.TextAsync("return window.printedRows"), CultureInfo.InvariantCulture));
        Assert.Empty(await browser.ConsoleAsync());
    }

    [SkippableFact]
    public async Task What_people_are_called_is_text_and_the_browser_would_refuse_it_anyway()
    {
        await using var browser = await Browser.StartAsync();
        string[] hostile =
        [
            "</script><script>window.hit=1</script>", "<img src=x onerror=window.hit=1>", "\"><svg onload=window.hit=1>", "' onmouseover='window.hit=1", "<!--<script>", "\u2028window.hit=1//", "javascript:window.hit=1", "\u202Egnp.exe", "\0\u0001",
        ];
        DropboxUserStatus[] people = [.. hostile.Select(text => new DropboxUserStatus
        {
            Email = text, Name = text, Department = text, Reason = text, OktaStatus = text, AssignmentStatus = "PROVISIONED", Stage = ProvisioningStage.CannotSignOn, NextAction = NextAction.FixInOkta,
        })];
        await browser.OpenAsync(await WriteAsync(people, earlier: people, team: hostile[0], readiness: [new ProvisioningPrerequisite { Name = hostile[1], Evidence = hostile[1], Remedy = hostile[2] }]));
        string[] shown = await CellsAsync(browser, 0);
        Assert.Equal(hostile.Order(StringComparer.OrdinalIgnoreCase), shown);
        await browser.ClickAsync("button[data-kind=obstacle]");
        await browser.RunAsync("document.querySelector('#table tbody button').click()");
        Assert.Equal("undefined", await browser.TextAsync("return typeof window.hit"));
        Assert.Equal("0", await browser.TextAsync("return String(document.querySelectorAll('main img, main [onload], main [onerror], main [onmouseover], main script').length)"));
        Assert.Empty(await browser.ConsoleAsync());

        // And what came in all the same could not run, nor reach anybody.
        await browser.RunAsync("""
            const script = document.createElement('script');
            try { script.textContent = 'window.hit = 1'; document.body.append(script); } catch { }
            try { document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="window.hit=1">'); } catch { }
            fetch('http://127.0.0.1:9/').catch(() => {});
            """);
        Assert.Equal("undefined", await browser.TextAsync("return typeof window.hit"));
        Assert.Contains(await browser.ConsoleAsync(), message => message.Contains("Content Security Policy", StringComparison.Ordinal));
    }

    private static async Task<string[]> CellsAsync(Browser browser, int column) =>
        [.. (await browser.RunAsync("return [...document.querySelectorAll('#table tbody tr:not(.space)')].map((row) => row.cells[arguments[0]].textContent)", column)).EnumerateArray().Select(cell => cell.GetString()!)];

    // Deterministic, and with a Zoé in Sales.
    private static DropboxUserStatus[] People(int count) => [.. Enumerable.Range(0, count).Select(i =>
    {
        var stage = (i % 10) switch { < 5 => ProvisioningStage.Active, < 8 => ProvisioningStage.AwaitingActivation, 8 => ProvisioningStage.CannotSignOn, _ => ProvisioningStage.NotProvisioned };
        var joined = Now.AddDays(-1 - (i * 37 % 180));
        return new DropboxUserStatus
        {
            Email = string.Create(CultureInfo.InvariantCulture, $"person{i * 7919L % count:000000}@{(i % 3 == 0 ? "contoso" : "fabrikam")}.example"),
            Name = string.Create(CultureInfo.InvariantCulture, $"{(i % 7 == 1 ? "Zoé" : "Kim")} {(char)('A' + (i * 31 % 26))}{i:000000}"),
            OktaUserId = string.Create(CultureInfo.InvariantCulture, $"00u{i:000000}"),
            Department = (i % 4) switch { 0 => "Engineering", 1 => "Sales", 2 => "Marketing", _ => null },
            AssignmentStatus = "PROVISIONED",
            OktaStatus = stage is ProvisioningStage.CannotSignOn ? "LOCKED_OUT" : "ACTIVE",
            DropboxStatus = stage switch { ProvisioningStage.Active => "active", ProvisioningStage.NotProvisioned => null, _ => "invited" },
            Stage = stage,
            NextAction = stage switch { ProvisioningStage.Active => NextAction.None, ProvisioningStage.AwaitingActivation => NextAction.Notify, ProvisioningStage.CannotSignOn => NextAction.FixInOkta, _ => NextAction.Provision },
            Reason = stage switch
            {
                ProvisioningStage.Active => string.Create(CultureInfo.InvariantCulture, $"Joined on {joined:yyyy-MM-dd}."),
                ProvisioningStage.AwaitingActivation => "Invited, not signed on.",
                ProvisioningStage.CannotSignOn => "Okta user is locked out.",
                _ => "Queued in Okta: the push to Dropbox has not run yet.",
            },
            DaysWaiting = stage is ProvisioningStage.AwaitingActivation ? i * 13 % 97 : null,
            LastNotice = i % 10 < 7 ? joined.AddDays(-4) : null,
            JoinedOn = stage is ProvisioningStage.Active ? joined : null,
            TeamId = "dbtid:one",
        };
    })];

    private async Task<string> WriteAsync(
        DropboxUserStatus[] people, DropboxUserStatus[] earlier, string team = "Contoso", IReadOnlyList<ProvisioningPrerequisite>? readiness = null)
    {
        await using var journal = await _fixture.OpenAsync();
        await journal.ObserveAsync("dbtid:one", earlier, everyone: true, null, CancellationToken.None);
        _fixture.Clock.Advance(TimeSpan.FromDays(7));
        var report = ActivationReport.Of(people, await journal.RecallAsync("dbtid:one", null, CancellationToken.None), everyone: true, _fixture.Clock.GetUtcNow()) with { Team = team, Readiness = readiness };
        var path = Path.Combine(_fixture.Folder, "report.html");
        await WholeFile.WriteAsync(path, overwrite: true, (stream, cancel) => HtmlReport.WriteAsync(stream, report, cancel), CancellationToken.None);
        return path;
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "DropboxOktaProvisioning.psd1"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The repository is not above the tests.");
    }
}
