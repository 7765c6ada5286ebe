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
    [InlineData("-MaximumCount 3")]
    [InlineData("-MaximumPercent 5")]
    public void Too_many_or_too_large_a_part_tells_nobody_unless_a_wave_or_Force_says_otherwise(string limit)
    {
        Assert.Equal("TooManyNotices", _session.Run($"$people | Send-ActivationNotice {limit}").ErrorId);
        Assert.Equal(0, Number("$sandbox.Outbox.Count"));
        Assert.Equal(3, Number($"@($people | Send-ActivationNotice {limit} -FirstWave 3 | Where-Object State -eq Sent).Count"));
        Assert.True(Number($"@($people | Send-ActivationNotice {limit} -Force | Where-Object State -eq Sent).Count") > 3);
    }
}
