using System.Management.Automation;
using System.Text.Json;

namespace DropboxOktaProvisioning.Tests;

/// <summary>The figures of a run: told are people, and what managers and the helpdesk got stands beside them.</summary>
public sealed class FiguresTests : IDisposable
{
    private const string Manners = "-ReminderAfter 3 -DigestTo help@contoso.example -SenderTimeZone UTC", Hook = "-WebhookUrl { $Hook } -WebhookKind Slack";

    private readonly ModuleSession _session = new();
    private readonly List<string> _posts = [];

    public FiguresTests() => _session.Run("$sandbox = Start-ProvisioningSandbox -UserCount 120 -PassThru").Clean();

    public void Dispose() => _session.Dispose();

    [Fact]
    public void The_result_counts_people_told_and_apart_from_them_those_whose_manager_was()
    {
        var first = Workflow("-EscalateToManager");
        Assert.Equal(ToPeople, first["Sent"]);
        Assert.Equal((0, 1), (first["Escalated"], Number("@(Get-ActivationNotice | Where-Object Kind -eq HelpdeskDigest).Count")));
        Assert.Equal(first["Sent"], Workflow("-EscalateToManager")["ToldBefore"]);

        Advance();
        Assert.Equal(Number("@(Test-DropboxUserStatus | Where-Object Stage -eq AwaitingActivation).Count"), Workflow("-EscalateToManager -WhatIf")["Planned"]);
        var last = Workflow("-EscalateToManager");
        Assert.Equal(ToPeople - first["Sent"], last["Sent"]);
        Assert.Equal(Number("@(Get-ActivationNotice | Where-Object Kind -eq ManagerEscalation).Count"), last["Escalated"]);
        Assert.True(last["Escalated"] > 0);
        Assert.Equal((0, 0), (Workflow("-EscalateToManager")["Sent"], Workflow("-EscalateToManager")["Escalated"]));
    }

    [Theory]
    [InlineData("$null = Invoke-SilentProvisioning -BackupPath $Folder/b")]
    [InlineData("$null = Test-DropboxUserStatus | Send-ActivationNotice")]
    public void A_channel_hears_of_people_and_managers_and_nothing_where_only_the_helpdesk_was_told(string command)
    {
        using var channel = Service(_posts, () => 200);

        _session.Run($"{command} {Manners} {Hook}").Clean();
        var first = ToPeople;
        Assert.Equal(first, Figure("Told"));
        Assert.Null(Figure("People whose manager was told"));

        _session.Run($"{command} {Manners} {Hook}").Clean();
        Assert.Single(_posts);
        Assert.Equal(2, Number("@($sandbox.Outbox | Where-Object To -eq help@contoso.example).Count"));

        Advance();
        _session.Run($"{command} {Manners} {Hook}").Clean();
        Assert.Equal(ToPeople - first, Figure("Told"));

        _session.Run($"{command} {Manners} -EscalateToManager {Hook}").Clean();
        Assert.Null(Figure("Told"));
        Assert.Equal(Number("@(Get-ActivationNotice | Where-Object Kind -eq ManagerEscalation).Count"), Figure("People whose manager was told"));
        Assert.Equal(3, _posts.Count);
    }

    [Fact]
    public void A_mail_to_the_helpdesk_that_did_not_leave_is_counted_and_told_to_the_channel()
    {
        using var channel = Service(_posts, () => 200);
        var status = 202;
        using var graph = Service([], () => status, "Graph");
        var send = $"$null = Test-DropboxUserStatus | Send-ActivationNotice {Manners} {Hook} -From it@contoso.example -GraphToken {{ 'made-up-token' }} -GraphUri ($Graph + '/v1.0') -Journal $Folder/j.db";
        _session.Run(send).Clean();
        Assert.True(Figure("Taken on, delivery not known") > 10);

        status = 400;
        var result = _session.Run(send);

        Assert.Equal(("NoticeFailed", "help@contoso.example"), (result.ErrorId, result.Errors[0].TargetObject));
        Assert.Equal((2, 1, null), (_posts.Count, Figure("Failed, the next run tries again"), Figure("Taken on, delivery not known")));
    }

    [Fact]
    public void The_last_line_tells_people_and_others_apart()
    {
        using var shell = _session.Create($"$null = Test-DropboxUserStatus | Send-ActivationNotice {Manners}");
        shell.Invoke();
        var people = Number("@(Test-DropboxUserStatus).Count");
        var line = shell.Streams.Information.Select(one => one.ToString()).Last();
        Assert.Matches($@"^{people} notices: \d+ Sent, \d+ Skipped; beside them, to managers and the helpdesk: 1 Sent\.$", line);
    }

    private int ToPeople => Number("@(Get-ActivationNotice | Where-Object Kind -in Activation, Reminder).Count");

    private Dictionary<string, int> Workflow(string parameters)
    {
        var result = Assert.Single(_session.Run($"Invoke-SilentProvisioning -BackupPath $Folder/b {Manners} {parameters} -WarningAction SilentlyContinue").Clean().Output);
        return result.Properties.Where(property => property.Value is int).ToDictionary(property => property.Name, property => (int)property.Value);
    }

    private int Number(string script) => LanguagePrimitives.ConvertTo<int>(_session.Run(script).Clean().Output.Single());

    private void Advance() => _session.Run("$sandbox.Advance([timespan]::FromDays(3))").Clean();

    private int? Figure(string name)
    {
        using var post = JsonDocument.Parse(_posts[^1]);
        return post.RootElement.GetProperty("text").GetString()!.Split('\n').Select(line => line.Split(": ")).Where(line => line[0] == name).Select(line => (int?)int.Parse(line[1], null)).SingleOrDefault();
    }

    private ScriptedService Service(List<string> bodies, Func<int> status, string name = "Hook")
    {
        var service = new ScriptedService(request =>
        {
            if (request.Split("\r\n\r\n") is [_, { Length: > 0 } body]) bodies.Add(body);
            return (status(), "");
        });
        _session.Runspace.SessionStateProxy.SetVariable(name, service.Address);
        return service;
    }
}
