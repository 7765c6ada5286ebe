namespace DropboxOktaProvisioning;

/// <summary>How everybody is read.</summary>
public enum RefreshMode
{
    /// <summary>Both lists, whole. Nothing of it is kept.</summary>
    Full,

    /// <summary>The reading that the journal keeps, brought up to date by the two services' logs; whole where that cannot be trusted. The result is kept.</summary>
    Incremental,

    /// <summary>Both lists, whole; what the journal keeps of the team is deleted.</summary>
    Forget,
}
