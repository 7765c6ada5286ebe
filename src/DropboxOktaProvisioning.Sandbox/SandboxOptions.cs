namespace DropboxOktaProvisioning.Sandbox;

/// <summary>How a simulated world begins. The same options make the same world, byte for byte.</summary>
public sealed record SandboxOptions
{
    /// <summary>How many people there are in all, 1 to 2,000,000. From 50 on every stage has somebody in it.</summary>
    public int UserCount { get; init; } = 200;

    /// <summary>What the world is drawn from.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The company's mail domain.</summary>
    public string Domain { get; init; } = "contoso.example";

    /// <summary>A company that has not begun: no Dropbox app in Okta, and nobody but its admin on the team.</summary>
    public bool WithoutApp { get; init; }

    /// <summary>When the world begins, UTC.</summary>
    public DateTimeOffset Start { get; init; } = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    /// <summary>How long an assignment waits in Okta's queue before it is pushed to the team.</summary>
    public TimeSpan PushDelay { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The key of the silent switch under <c>settings.app</c>; null draws one from the seed, because no source publishes the real one
    /// and no client may rely on a spelling.
    /// </summary>
    public string? SettingName { get; init; }

    /// <summary>The clock to live by; null is a virtual clock that only moves when told to or when somebody waits on it.</summary>
    public TimeProvider? Clock { get; init; }

    /// <summary>Whether a wait on the virtual clock moves it to the wait's end at once. See <see cref="ProvisioningWorld.Clock"/>.</summary>
    public bool AutoAdvance { get; init; } = true;

    /// <summary>How many of the latest requests the log keeps; the counters count all.</summary>
    public int RequestLogCapacity { get; init; } = 10_000;
}
