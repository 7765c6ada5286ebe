using System.Globalization;

namespace DropboxOktaProvisioning.Tests;

/// <summary>Waiting for people to sign on, by command.</summary>
public sealed class WaitCommandTests : IDisposable
{
    private const string Start = "$sandbox = Start-ProvisioningSandbox 200 -PassThru; $waiting = @(Test-DropboxUserStatus | Where-Object Stage -eq AwaitingActivation);";
    private readonly ModuleSession _session = new();

    public void Dispose() => _session.Dispose();

    [Theory]
    [InlineData("$waiting[0, 1] | Wait-DropboxActivation")]
    [InlineData("$waiting[0, 1].Email | Wait-DropboxActivation")]
    [InlineData("Wait-DropboxActivation $waiting[0, 1]")]
    [InlineData("$waiting[0, 1] | Send-ActivationNotice | Wait-DropboxActivation -PollInterval 0:05")]
    public void Each_who_signs_on_comes_out_and_it_ends_with_the_last(string command)
    {
        _session.Run(Start + "$sandbox.SignOn($waiting[0].Email, '0:20'); $sandbox.SignOn($waiting[1].Email, '2:00')").Clean();
        var rows = _session.Run($"{command}; $sandbox.Now").Clean().Output;
        Assert.Equal(_session.Run("$waiting[0, 1].Email").Clean().Output.Select(one => one.ToString()), rows.SkipLast(1).Select(row => (string)row.Properties["Email"].Value));
        Assert.All(rows.SkipLast(1), row => Assert.Equal("Active", row.Properties["Stage"].Value.ToString()));
        Assert.Equal("11:0", ((DateTimeOffset)rows[^1].BaseObject).ToString("HH:mm", CultureInfo.InvariantCulture)[..4]);
    }

    [Fact]
    public void Who_is_left_when_time_is_up_is_one_error_whose_target_are_the_rows()
    {
        _session.Run(Start + "$sandbox.SignOn($waiting[0].Email, '0:20')").Clean();
        var result = _session.Run("$waiting[0..7] | Wait-DropboxActivation -Timeout 1:00");
        Assert.Single(result.Output);
        Assert.Equal("ActivationTimedOut", result.ErrorId);
        var error = result.AllErrors.Single();
        Assert.Equal(System.Management.Automation.ErrorCategory.OperationTimeout, error.CategoryInfo.Category);
        Assert.Equal(_session.Run("$waiting[1..7].Email").Clean().Output.Select(one => one.ToString()), _session.Run("$Error[0].TargetObject.Email").Clean().Output.Select(one => one.ToString()));
        Assert.Contains("7 people have not signed on", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("and 2 more", error.ToString(), StringComparison.Ordinal);
        Assert.All(_session.Run("$Error[0].TargetObject | Send-ActivationNotice").Clean().Output, notice => Assert.Equal("Sent", notice.Properties["State"].Value.ToString()));
    }

    [Theory]
    [InlineData("Wait-DropboxActivation")]
    [InlineData("Wait-DropboxActivation -Group Everyone")]
    [InlineData("Wait-DropboxActivation -Domain contoso.example")]
    public void A_scope_is_those_of_it_who_wait(string command)
    {
        // An hour later every push has landed, and nobody new waits.
        _session.Run(Start.Replace("-PassThru;", "-PassThru; $sandbox.Advance('1:00');", StringComparison.Ordinal) + "$waiting | ForEach-Object { $sandbox.SignOn($_.Email, '0:10') }").Clean();
        var rows = _session.Run($"{command} -Timeout 1:00").Clean().Output;
        Assert.Equal((int)_session.Run("$waiting.Count").Clean().Output.Single().BaseObject, rows.Count);
        Assert.Empty(_session.Run($"{command} -Timeout 1:00").Clean().Output); // nobody waits any more, so it does not wait either
    }

    [Fact]
    public void A_name_that_nobody_has_is_its_own_error_and_an_empty_pipeline_waits_for_nobody()
    {
        _session.Run(Start + "$sandbox.SignOn($waiting[0].Email)").Clean();
        var result = _session.Run("$waiting[0].Email, 'nobody@contoso.example', 'no-address' | Wait-DropboxActivation -Timeout 0:10");
        Assert.Single(result.Output);
        Assert.Equal(["InvalidAddress", "PersonNotFound"], result.Errors.Select(error => error.FullyQualifiedErrorId.Split(',')[0]).Order());
        Assert.Empty(_session.Run("@() | Wait-DropboxActivation").Clean().Output);
    }

    [Fact]
    public void In_a_sandbox_it_ends_after_a_day_of_its_time()
    {
        _session.Run(Start).Clean();
        var result = _session.Run("$waiting[0] | Wait-DropboxActivation; $sandbox.Now");
        Assert.Equal("ActivationTimedOut", result.ErrorId);
        Assert.Equal(6, ((DateTimeOffset)result.Output.Single().BaseObject).Day);
    }

    [Theory]
    [InlineData("-Timeout 60", "at least a second")]
    [InlineData("-Timeout -0:10", "at least a second")]
    [InlineData("-Timeout ([timespan]::MaxValue)", "at most 3650 days")]
    [InlineData("-Timeout 3650.00:00:01", "at most 3650 days")]
    [InlineData("-PollInterval 0", "from a second to a day")]
    [InlineData("-PollInterval ([timespan]::MaxValue)", "from a second to a day")]
    [InlineData("-PollInterval 2.00:00", "from a second to a day")]
    public void Times_that_make_no_sense_are_an_error_before_anything_is_read(string parameters, string says)
    {
        _session.Run(Start).Clean();
        var result = _session.Run($"$before = $sandbox.RequestCount; Wait-DropboxActivation {parameters}");
        Assert.Equal("ConflictingParameters", result.ErrorId);
        Assert.Contains(says, result.AllErrors.Single().ToString(), StringComparison.Ordinal);
        Assert.Equal(0L, _session.Run("$sandbox.RequestCount - $before").Clean().Output.Single().BaseObject);
    }

    [Fact]
    public void Who_gets_another_address_while_waiting_still_comes_and_is_not_waited_for_any_longer()
    {
        _session.Run(Start + "$null = $sandbox.ChangePerson($waiting[0].Email, 'MemberAddressChanged'); $sandbox.SignOn($waiting[0].Email, '0:20')").Clean();
        var rows = _session.Run("$waiting[0] | Wait-DropboxActivation; $waiting[0].OktaUserId; $sandbox.Now").Clean().Output;
        Assert.Equal(3, rows.Count);
        Assert.Equal(("Active", rows[1].ToString()), (rows[0].Properties["Stage"].Value.ToString(), rows[0].Properties["OktaUserId"].Value));
        Assert.True(((DateTimeOffset)rows[2].BaseObject).Hour < 10);
    }

    [Fact]
    public void A_consumer_that_leaves_early_ends_the_wait()
    {
        _session.Run(Start + "$sandbox.SignOn($waiting[0].Email, '0:10'); $sandbox.SignOn($waiting[1].Email, '5:00')").Clean();
        var result = _session.Run("$waiting[0, 1] | Wait-DropboxActivation | Select-First 1; $sandbox.Now").Clean();
        Assert.Equal(2, result.Output.Count);
        Assert.True(((DateTimeOffset)result.Output[1].BaseObject).Hour < 10);
    }
}
