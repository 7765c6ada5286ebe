using System.Management.Automation;
using System.Text.Json;

namespace DropboxOktaProvisioning.Tests;

/// <summary>Limits and turns of senders, rehearsals to one address, and what a channel is told.</summary>
public sealed class SendingManyTests : IDisposable
{
    private readonly ModuleSession _session = new();
    private readonly List<string> _posts = [];

    public SendingManyTests() => _session.Run("$sandbox = Start-ProvisioningSandbox 200 -PassThru").Clean();

    public void Dispose() => _session.Dispose();

    [Fact]
    public void A_limit_by_name_waits_for_its_minute_and_says_why_on_the_verbose_stream()
    {
        var result = _session.Run("Test-DropboxUserStatus | Send-ActivationNotice -SenderLimit ExchangeOnline -Verbose").Clean();

        var sent = Notices(result).Where(notice => notice.State == "Sent").ToArray();
        Assert.True(sent.Length > 30, $"{sent.Length}");
        Assert.Contains(result.Verbose, line => line.StartsWith("Sandbox: it@contoso.example has its 30 mails of a minute. Waiting ", StringComparison.Ordinal));
        Assert.True(sent[^1].SentOn - sent[0].SentOn >= TimeSpan.FromMinutes((sent.Length - 1) / 30));
    }

    [Theory]
    [InlineData("5/day")]
    [InlineData("100/min, 5/day")]
    [InlineData("'100/min,5/day'")]
    public void What_does_not_fit_the_day_waits_for_a_later_run_and_is_no_error(string limit)
    {
        var notices = Notices(_session.Run($"Test-DropboxUserStatus | Send-ActivationNotice -SenderLimit {limit}").Clean());

        Assert.Equal(5, notices.Count(notice => notice.State == "Sent"));
        Assert.Contains(notices, notice => notice.State == "Skipped" && notice.Reason.StartsWith("It waits for a later run: it@contoso.example has its 5 mails of 24 hours.", StringComparison.Ordinal));
        Assert.Equal(10, Notices(_session.Run("$sandbox.Advance([TimeSpan]::FromDays(1)); $null = Test-DropboxUserStatus | Send-ActivationNotice -SenderLimit 5/day; Get-ActivationNotice").Clean()).Length);
    }

    [Fact]
    public void A_limit_that_is_none_is_an_error_and_names_are_completed()
    {
        Assert.Equal("InvalidSenderLimit", _session.Run("Test-DropboxUserStatus | Send-ActivationNotice -SenderLimit Exchange").ErrorId);
        var line = "Send-ActivationNotice -SenderLimit ex";
        using var shell = _session.Create("");
        var completed = CommandCompletion.CompleteInput(line, line.Length, null, shell).CompletionMatches;
        Assert.Equal(("ExchangeOnline", "30/min,10000/day"), (Assert.Single(completed).CompletionText, completed[0].ToolTip));
    }

    [Fact]
    public void Several_senders_have_their_turns()
    {
        var notices = Notices(_session.Run("Test-DropboxUserStatus | Send-ActivationNotice -From 'IT <it@contoso.example>', desk@contoso.example -PickupDirectory $Folder/out -Journal $Folder/j.db").Clean());

        var sent = notices.Where(notice => notice.State == "Sent").ToArray();
        Assert.Equal(sent.Select((_, i) => i % 2 == 0 ? "it@contoso.example" : "desk@contoso.example"), sent.Select(notice => notice.Sender));
        Assert.Contains("From: desk@contoso.example", File.ReadAllText(Path.Combine(_session.Folder, "out", sent[1].Id + ".eml")), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Every_file_with_people_in_it_is_for_its_owner_alone()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no Unix modes.");
        if (OperatingSystem.IsWindows()) return;
        foreach (var folder in new[] { "backup", "out" }) Directory.CreateDirectory(Path.Combine(_session.Folder, folder), (UnixFileMode)0b111_101_101);

        _session.Run("$null = Invoke-SilentProvisioning -From it@contoso.example -BackupPath $Folder/backup -PickupDirectory $Folder/out -Journal $Folder/j.db").Clean();

        var files = Directory.GetFiles(_session.Folder, "*", SearchOption.AllDirectories);
        Assert.Equal([".db", ".eml", ".json"], files.Select(Path.GetExtension).Distinct().Order());
        foreach (var file in files) Assert.True(File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite), $"{file}: {File.GetUnixFileMode(file)}");
    }

    [Fact]
    public void A_rehearsal_mails_one_address_and_counts_for_nobody()
    {
        const string rehearse = "$rows = Test-DropboxUserStatus | Send-ActivationNotice -RedirectTo me@contoso.example -FirstWave 4; $rows | Where-Object State -eq Redirected";
        for (var round = 1; round <= 2; round++)
        {
            Assert.Equal(4, _session.Run(rehearse).Clean().Output.Count);
            Assert.Empty(_session.Run("Get-ActivationNotice").Clean().Output);
            var mails = _session.Run("$sandbox.Outbox").Clean().Output;
            Assert.Equal(4 * round, mails.Count);
            Assert.All(mails, mail => Assert.Equal("me@contoso.example", mail.Properties["To"].Value));
            Assert.All(mails, mail => Assert.Matches(@"^\[for \S+@\S+\] ", (string)mail.Properties["Subject"].Value));
        }

        Assert.Equal("InvalidAddress", _session.Run("Test-DropboxUserStatus | Send-ActivationNotice -RedirectTo me").ErrorId);
    }

    [Fact]
    public void The_whole_workflow_in_rehearsal_mails_one_address_and_changes_nothing_else()
    {
        using var channel = Channel(200);
        var before = _session.Run("Get-SilentProvisioning").Clean().Output.Single().ToString();

        var result = _session.Run("Invoke-SilentProvisioning -RedirectTo me@contoso.example -BackupPath $Folder/backup -WebhookUrl { $Hook } -WebhookKind Slack -WarningAction SilentlyContinue").Clean().Output.Single();

        Assert.True((int)result.Properties["Redirected"].Value > 10);
        Assert.Equal((0, 0), ((int)result.Properties["Sent"].Value, (int)result.Properties["Accepted"].Value));
        Assert.Equal(false, PSObject.AsPSObject(result.Properties["App"].Value).Properties["Changed"].Value);
        Assert.Equal(before, _session.Run("Get-SilentProvisioning").Clean().Output.Single().ToString());
        Assert.Equal((int)result.Properties["Redirected"].Value, PSObject.AsPSObject(result.Properties["Actual"].Value).Properties["Notices"].Value);
        Assert.False(Directory.Exists(Path.Combine(_session.Folder, "backup")));
        Assert.Empty(_session.Run("Get-ActivationNotice").Clean().Output);
        Assert.Empty(_posts);
        Assert.All(_session.Run("$sandbox.Outbox").Clean().Output, mail => Assert.Equal("me@contoso.example", mail.Properties["To"].Value));
    }

    [Fact]
    public void A_teams_channel_gets_a_card_with_figures_and_no_names()
    {
        using var channel = Channel(202);

        _session.Run("$null = Test-DropboxUserStatus | Send-ActivationNotice -WebhookUrl { $Hook } -WebhookKind Teams").Clean();

        using var card = JsonDocument.Parse(Assert.Single(_posts));
        var attachment = card.RootElement.GetProperty("attachments")[0];
        Assert.Equal(("message", "application/vnd.microsoft.card.adaptive"), (card.RootElement.GetProperty("type").GetString(), attachment.GetProperty("contentType").GetString()));
        var facts = attachment.GetProperty("content").GetProperty("body")[1].GetProperty("facts").EnumerateArray().ToDictionary(fact => fact.GetProperty("title").GetString()!, fact => fact.GetProperty("value").GetString());
        Assert.Equal(_session.Run("@(Get-ActivationNotice).Count").Clean().Output.Single().ToString(), facts["Told"]);
        Assert.DoesNotContain("@", _posts[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_slack_channel_gets_a_text_of_the_whole_run()
    {
        using var channel = Channel(200);

        _session.Run("$null = Invoke-SilentProvisioning -BackupPath $Folder/b -WebhookUrl { $Hook } -WebhookKind Slack").Clean();

        using var post = JsonDocument.Parse(Assert.Single(_posts));
        Assert.Matches(@"^\*Dropbox activation: .+\*\nPeople: \d+ Active, .+\nTold: \d+\n", post.RootElement.GetProperty("text").GetString());
        Assert.DoesNotContain("@", _posts[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-WhatIf")]
    [InlineData("-RedirectTo me@contoso.example")]
    [InlineData("")]
    public void A_channel_hears_nothing_of_a_plan_a_rehearsal_or_a_run_in_which_nothing_happened(string parameter)
    {
        using var channel = Channel(200);
        if (parameter.Length == 0) _session.Run("$null = Test-DropboxUserStatus | Send-ActivationNotice").Clean();

        _session.Run($"$null = Test-DropboxUserStatus | Send-ActivationNotice -WebhookUrl {{ $Hook }} -WebhookKind Slack {parameter}").Clean();

        Assert.Empty(_posts);
    }

    [Fact]
    public void A_run_that_broke_is_told_by_its_error_id()
    {
        using var channel = Channel(200);

        File.WriteAllText(Path.Combine(_session.Folder, "j.db"), new string('x', 5000));

        var result = _session.Run("$rows = Test-DropboxUserStatus; $null = $rows | Send-ActivationNotice -WebhookUrl { $Hook } -WebhookKind Slack -Journal $Folder/j.db -Force");

        Assert.Equal("JournalCorrupt", result.ErrorId);
        Assert.Contains("Stopped by: JournalCorrupt", Assert.Single(_posts), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_the_guard_held_back_is_told_to_the_channel()
    {
        using var channel = Channel(200);

        var result = _session.Run("$null = Test-DropboxUserStatus | Send-ActivationNotice -WebhookUrl { $Hook } -WebhookKind Slack -MaximumCount 1");

        Assert.Equal("TooManyNotices", result.ErrorId);
        Assert.Matches(@"Held back, too many at once: \d+\\n", Assert.Single(_posts));
        Assert.DoesNotContain("Told", _posts[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(404, "Make a new webhook")]
    [InlineData(400, "-WebhookKind")]
    [InlineData(500, "not posted again")]
    public void A_channel_that_cannot_be_told_is_a_warning_without_the_address_and_no_mail_hangs_on_it(int status, string named)
    {
        using var channel = Channel(status);

        var result = _session.Run("Test-DropboxUserStatus | Send-ActivationNotice -WebhookUrl { $Hook } -WebhookKind Slack").Clean();

        Assert.Contains(Notices(result), notice => notice.State == "Sent");
        var warning = Assert.Single(result.Warnings, line => line.StartsWith("The channel was not told", StringComparison.Ordinal));
        Assert.Contains(named, warning, StringComparison.Ordinal);
        Assert.DoesNotContain("made-up-4711", string.Join('\n', result.Warnings.Concat(result.Verbose)), StringComparison.Ordinal);
        Assert.Single(_posts);
    }

    [Theory]
    [InlineData("{ 'http://hooks.slack.com/services/made-up-4711' }", "InvalidWebhook")]
    [InlineData("{ 'hooks.slack.com/services/made-up-4711' }", "InvalidWebhook")]
    [InlineData("{ 'https://user:made-up-4711@hooks.slack.com/x' }", "InvalidWebhook")]
    [InlineData("{ 'https://contoso.example/made-up-4711' }", "InvalidWebhook")]
    [InlineData("https://hooks.slack.com/services/made-up-4711", "ParameterArgumentTransformationError")]
    public void An_address_that_is_none_is_refused_before_anything_is_read_and_not_shown(string address, string errorId)
    {
        var result = _session.Run($"Test-DropboxUserStatus | Send-ActivationNotice -WebhookUrl {address}");

        Assert.Equal(errorId, result.ErrorId);
        Assert.DoesNotContain("made-up-4711", result.AllErrors.Single().ToString(), StringComparison.Ordinal);
        Assert.Empty(_session.Run("$sandbox.Outbox").Clean().Output);
    }

    private static NoticeView[] Notices(ScriptResult result) => NoticeView.Of(result);

    private ScriptedService Channel(int status)
    {
        var service = new ScriptedService(request =>
        {
            if (request.Split("\r\n\r\n") is [_, { Length: > 0 } body]) _posts.Add(body);
            return (status, "no /services/made-up-4711");
        });
        _session.Runspace.SessionStateProxy.SetVariable("Hook", service.Address + "/services/made-up-4711");
        return service;
    }
}
