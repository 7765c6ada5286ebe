namespace DropboxOktaProvisioning.Tests;

/// <summary>The guards against telling too many at once.</summary>
public sealed class WaveTests : IDisposable
{
    private readonly ModuleSession _session = new();

    public WaveTests() => _session.Run("$sandbox = Start-ProvisioningSandbox 200 -PassThru; $people = Test-DropboxUserStatus; $waiting = @($people | Where-Object Stage -eq AwaitingActivation).Count").Clean();

    public void Dispose() => _session.Dispose();

    private int Number(string script) => (int)_session.Run(script).Clean().Output.Single().BaseObject;

    [Fact]
    public void Waves_tell_everybody_once_each_a_part()
    {
        var waiting = Number("$waiting");
        Assert.True(waiting > 20);
        Assert.Equal(10, Number("@($people | Send-ActivationNotice -FirstWave 10 | Where-Object State -eq Sent).Count"));
        Assert.Equal(10, Number("$sandbox.Outbox.Count"));
        Assert.Equal(waiting - 20, Number("@($people | Send-ActivationNotice -FirstWave 10 | Where-Object Reason -like 'Waits for a later wave*').Count"));
        Assert.Equal(waiting - 20, Number("@($people | Send-ActivationNotice | Where-Object State -eq Sent).Count"));
        Assert.Equal(waiting, Number("$sandbox.Outbox.Count"));
    }

    [Fact]
    public void WhatIf_shows_the_wave()
    {
        Assert.Equal(5, Number("@($people | Send-ActivationNotice -FirstWave 5 -WhatIf | Where-Object State -eq Planned).Count"));
        Assert.Equal(0, Number("$sandbox.Outbox.Count"));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("-FirstWave 12", 12)]
    public void The_forecast_of_a_wave_counts_also_whom_its_sender_has_no_room_for_today(string wave, int size)
    {
        if (size == 0) size = Number("$waiting");
        var run = _session.Run($"Invoke-SilentProvisioning -WhatIf -SenderLimit 5/day {wave}").Clean().Output.Single();
        Assert.Equal(5, run.Properties["Planned"].Value);
        _session.Runspace.SessionStateProxy.SetVariable("run", run);
        Assert.Equal((size, (size - 1) / 5), (Number("$run.Forecast.Notices"), Number("$run.Forecast.Sending.Days")));
    }

    [Theory]
    [InlineData("-MaximumCount 3")]
    [InlineData("-MaximumPercent 5")]
    [InlineData("-MaximumCount 3 -Force")]
    public void Too_many_or_too_large_a_part_is_held_back_row_by_row_unless_a_wave_makes_it_less(string limit)
    {
        var result = _session.Run($"$people | Send-ActivationNotice {limit}");
        Assert.Equal("TooManyNotices", result.ErrorId);
        Assert.Null(result.Terminating);
        Assert.Equal(Number("@($people).Count"), result.Output.Count);
        Assert.Equal(Number("$waiting"), result.Output.Count(notice => $"{notice.Properties["Reason"].Value}".StartsWith("Held back: ", StringComparison.Ordinal)));
        Assert.All(result.Output, notice => Assert.Equal("Skipped", notice.Properties["State"].Value.ToString()));
        Assert.Equal(0, Number("$sandbox.Outbox.Count"));
        Assert.Equal(3, Number($"@($people | Send-ActivationNotice {limit} -FirstWave 3 | Where-Object State -eq Sent).Count"));
    }

    [Fact]
    public void The_guard_stops_the_notices_and_the_rest_of_the_workflow_goes_on()
    {
        var result = _session.Run("Invoke-SilentProvisioning -MaximumCount 3 -BackupPath $Folder");
        Assert.Equal("TooManyNotices", result.ErrorId);
        Assert.Null(result.Terminating);
        var run = Assert.Single(result.Output);
        Assert.Equal((Number("$waiting"), 0), ((int)run.Properties["Held"].Value, (int)run.Properties["Sent"].Value));
        Assert.Equal(Number("@($people).Count"), run.Properties["Skipped"].Value);
        Assert.Equal("Enabled", _session.Run("(Get-SilentProvisioning).SilentProvisioning").Clean().Output.Single().ToString());

        // The next run is not held up by what this one did.
        Assert.Equal(Number("$waiting"), Number("(Invoke-SilentProvisioning -BackupPath $Folder).Sent"));
    }

    [Fact]
    public void WhatIf_warns_of_what_would_be_held_back()
    {
        var result = _session.Run("$people | Send-ActivationNotice -MaximumCount 3 -WhatIf").Clean();
        Assert.Contains(result.Warnings, warning => warning.Contains("more than the 3 of -MaximumCount. Where nobody is there to ask, none", StringComparison.Ordinal));
        Assert.Equal(Number("$waiting"), result.Output.Count(notice => notice.Properties["State"].Value.ToString() == "Planned"));
    }
}
