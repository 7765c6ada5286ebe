namespace DropboxOktaProvisioning.Engine.Refresh;

/// <summary>How everybody will be read where a reading is kept, as far as that is known before the logs are.</summary>
/// <param name="Why">Why both lists are read whole, and kept; null where the reading is brought up to date.</param>
/// <param name="Members">How many members are looked at again whatever the logs say.</param>
public sealed record RefreshOutlook(string? Why, int Members);
