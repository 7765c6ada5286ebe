namespace DropboxOktaProvisioning.Bridge;

/// <summary>A command that may bring the journal's reading of everybody up to date in place of reading both lists whole.</summary>
internal interface IRefreshing
{
    /// <summary>How everybody is read.</summary>
    RefreshMode Refresh { get; }

    /// <summary>How old the last whole reading may be; null for the usual time.</summary>
    TimeSpan? FullReadAfter { get; }
}
