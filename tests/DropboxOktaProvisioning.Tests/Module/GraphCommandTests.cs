using System.Management.Automation;

namespace DropboxOktaProvisioning.Tests;

/// <summary>Notices through Microsoft Graph, with a token that a script block fetches.</summary>
public sealed class GraphCommandTests : IDisposable
{
    private const string Send = "Test-DropboxUserStatus | Send-ActivationNotice -Journal $Folder/j.db -From it@contoso.example -GraphUri $Address";
    private readonly ModuleSession _session = new();
    private readonly List<string> _requests = [];

    public GraphCommandTests() => _session.Run("$null = Start-ProvisioningSandbox 60").Clean();

    public void Dispose() => _session.Dispose();

    [Fact]
    public void Mails_are_accepted_and_nobody_is_told_twice_and_the_script_block_runs_in_its_own_session()
    {
        using var graph = Graph(_ => 202);
        _session.Run("$global:asked = 0; function global:Get-Made { $global:asked++; \"made-up-token-$global:asked\" }").Clean();

        var first = Notices(Send + " -GraphToken { Get-Made }");

        var told = first.Where(notice => notice.State != "Skipped").ToArray();
        Assert.NotEmpty(told);
        Assert.All(told, notice => Assert.Equal(("Accepted", "Graph", "it@contoso.example"), (notice.State, notice.Transport, notice.Sender)));
        Assert.Equal(told.Length, Requests.Count);
        Assert.All(Requests, request =>
        {
            Assert.StartsWith("POST /v1.0/users/it%40contoso.example/sendMail HTTP/1.1", request, StringComparison.Ordinal);
            Assert.Contains("Authorization: Bearer made-up-token-1\r\n", request, StringComparison.Ordinal);
        });
        Assert.DoesNotContain(Notices(Send + " -GraphToken { Get-Made }"), notice => notice.State != "Skipped");
        Assert.Equal(1, _session.Run("$asked").Clean().Output.Single().BaseObject); // a run that sends nothing needs no token
        Assert.Equal(told.Length, _session.Run("Get-ActivationNotice -Journal $Folder/j.db -State Accepted").Clean().Output.Count);
    }

    [Fact]
    public void A_token_that_is_refused_is_fetched_again_while_the_run_goes_on()
    {
        using var graph = Graph(request => request.Contains("token-1", StringComparison.Ordinal) && Requests.Count > 3 ? 401 : 202);

        var notices = Notices("$global:asked = 0; " + Send + " -GraphToken { $global:asked++; \"token-$global:asked\" }");

        Assert.All(notices, notice => Assert.True(notice.State is "Accepted" or "Skipped", notice.Reason));
        Assert.Equal(2, _session.Run("$asked").Clean().Output.Single().BaseObject);
    }

    [Theory]
    [InlineData("$secure")]
    [InlineData("{ $secure }")]
    [InlineData("{ 'made-up-token' }")]
    [InlineData("{ [pscustomobject]@{ Token = $secure; ExpiresOn = [DateTimeOffset]::UtcNow.AddHours(1) } }")]
    [InlineData("{ [pscustomobject]@{ AccessToken = 'made-up-token'; ExpiresOn = [DateTime]::UtcNow.AddHours(1) } }")]
    [InlineData("{ @{ access_token = 'made-up-token'; expires_in = '3599' } }")]
    public void A_token_may_come_in_the_forms_that_sign_ins_return(string token)
    {
        using var graph = Graph(_ => 202);

        var notices = Notices($"$secure = [Security.SecureString]::new(); 'made-up-token'.ToCharArray() | ForEach-Object {{ $secure.AppendChar($_) }}; {Send} -FirstWave 2 -GraphToken {token}");

        Assert.Equal(2, notices.Count(notice => notice.State == "Accepted"));
        Assert.All(Requests, request => Assert.Contains("Authorization: Bearer made-up-token\r\n", request, StringComparison.Ordinal));
    }

    [Fact]
    public void A_token_near_its_end_is_fetched_again_for_the_next_mail()
    {
        using var graph = Graph(_ => 202);

        Notices("$global:asked = 0; " + Send + " -FirstWave 3 -GraphToken { $global:asked++; @{ Token = \"token-$global:asked\"; ExpiresOn = [DateTimeOffset]::UtcNow.AddMinutes(2) } }");

        Assert.True((int)_session.Run("$asked").Clean().Output.Single().BaseObject >= 3);
        Assert.Equal(3, Requests.Select(request => request.Split("Bearer ")[1].Split('\r')[0]).Distinct().Count());
    }

    [Theory]
    [InlineData("{ throw 'hunter2' }")]
    [InlineData("{ }")]
    [InlineData("{ 42 }")]
    [InlineData("{ 'two words' }")]
    public void A_script_block_without_a_token_stops_the_run_before_anybody_is_told(string token)
    {
        using var graph = Graph(_ => 202);

        var result = _session.Run($"{Send} -GraphToken {token}");

        Assert.Equal("InvalidToken", result.ErrorId);
        Assert.DoesNotContain("hunter2", result.AllErrors.Single().ToString(), StringComparison.Ordinal);
        Assert.Empty(Requests);
        Assert.Empty(_session.Run("Get-ActivationNotice -Journal $Folder/j.db").Clean().Output);
    }

    [Fact]
    public void A_token_as_plain_text_is_refused_without_being_shown()
    {
        var error = Assert.Single(_session.Run($"{Send} -GraphToken hunter2").AllErrors);

        Assert.StartsWith("ParameterArgumentTransformationError", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_right_that_lacks_is_named_once_and_ends_the_run()
    {
        using var graph = Graph(_ => 403);

        var result = _session.Run($"{Send} -GraphToken {{ 'made-up-token' }}");

        Assert.All(result.AllErrors, error => Assert.StartsWith("NoticeFailed", error.FullyQualifiedErrorId, StringComparison.Ordinal));
        Assert.Contains(result.AllErrors, error => error.ToString().Contains("Mail.Send", StringComparison.Ordinal));
        Assert.InRange(Requests.Count, 1, 4);
        Assert.DoesNotContain(NoticeView.Of(result), notice => notice.State == "Unknown");
    }

    [Fact]
    public async Task A_run_that_is_stopped_while_graph_does_not_answer_leaves_what_was_under_way_unknown()
    {
        using var graph = Graph(_ => 0);
        using var shell = _session.Create(Send + " -GraphToken { 'made-up-token' }");
        var running = shell.InvokeAsync();
        await Task.WhenAny(graph.SomebodyWaitsAsync(), running);
        Assert.False(running.IsCompleted);

        await shell.StopAsync(null, null).WaitAsync(TimeSpan.FromSeconds(30));
        await Assert.ThrowsAsync<PipelineStoppedException>(() => running);

        var kept = NoticeView.Of(_session.Run("Get-ActivationNotice -Journal $Folder/j.db").Clean()).Select(notice => notice.State).ToArray();
        Assert.InRange(kept.Length, 1, 4);
        Assert.All(kept, state => Assert.Contains(state, new[] { "Unknown", "Failed" }));
        Assert.Contains("Unknown", kept);
    }

    [Theory]
    [InlineData("-GraphToken { 'x' } -SmtpServer smtp.contoso.example", "ConflictingParameters")]
    [InlineData("-GraphToken { 'x' } -PickupDirectory $Folder/out", "ConflictingParameters")]
    [InlineData("-GraphMailbox it@contoso.example -PickupDirectory $Folder/out", "ConflictingParameters")]
    [InlineData("-GraphUri https://graph.microsoft.us -PickupDirectory $Folder/out", "ConflictingParameters")]
    [InlineData("-GraphToken { 'x' } -GraphUri https://contoso.example", "InvalidDomain")]
    [InlineData("-GraphToken { 'x' } -GraphUri http://graph.microsoft.com", "InvalidDomain")]
    public void What_does_not_go_together_is_said_before_anything_is_read(string parameters, string errorId)
    {
        var result = _session.Run($"Test-DropboxUserStatus | Send-ActivationNotice -Journal $Folder/j.db -From it@contoso.example {parameters}");

        Assert.Equal(errorId, result.ErrorId);
        Assert.False(File.Exists(Path.Combine(_session.Folder, "j.db")));
    }

    private List<string> Requests
    {
        get
        {
            lock (_requests) return [.. _requests];
        }
    }

    private ScriptedService Graph(Func<string, int> status)
    {
        var service = new ScriptedService(request =>
        {
            lock (_requests) _requests.Add(request);
            return status(request) is var code and > 0 ? (code, "") : null;
        });
        _session.Runspace.SessionStateProxy.SetVariable("Address", service.Address);
        return service;
    }

    private NoticeView[] Notices(string script) => NoticeView.Of(_session.Run(script).Clean());
}
