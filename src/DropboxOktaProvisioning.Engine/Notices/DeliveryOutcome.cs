namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>What became of one mail.</summary>
public enum DeliveryState
{
    /// <summary>The other side took it.</summary>
    Sent,

    /// <summary>The other side took it on, to send it later.</summary>
    Accepted,

    /// <summary>It surely did not leave.</summary>
    Failed,

    /// <summary>It may or may not have left.</summary>
    Unknown,
}

/// <summary>What became of one mail, and why.</summary>
/// <param name="State">Whether it left.</param>
/// <param name="Reason">The other side's words or the error; never a secret.</param>
/// <param name="IsDown">The transport gives up for this run: whatever else is handed to it would fail alike.</param>
public sealed record DeliveryOutcome(DeliveryState State, string Reason, bool IsDown = false)
{
    /// <summary>The other side took it.</summary>
    public static DeliveryOutcome Sent(string reason) => new(DeliveryState.Sent, reason);

    /// <summary>The other side took it on, to send it later.</summary>
    public static DeliveryOutcome Accepted(string reason) => new(DeliveryState.Accepted, reason);

    /// <summary>It surely did not leave.</summary>
    public static DeliveryOutcome Failed(string reason) => new(DeliveryState.Failed, reason);

    /// <summary>It may or may not have left.</summary>
    public static DeliveryOutcome Unknown(string reason) => new(DeliveryState.Unknown, reason);
}
