namespace DropboxOktaProvisioning.Sandbox;

/// <summary>What the person does who is asked to allow the app at Dropbox.</summary>
public enum DropboxConsent
{
    /// <summary>Allows it, as a team admin.</summary>
    Allowed,

    /// <summary>Refuses.</summary>
    Denied,

    /// <summary>Allows it for the own account only, and not for the team.</summary>
    UserLink,

    /// <summary>Allows it, and the answer carries a state that is not the one sent: somebody meddles.</summary>
    OtherState,
}
