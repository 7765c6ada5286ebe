namespace DropboxOktaProvisioning;

/// <summary>What an admin does next for one person.</summary>
public enum NextAction
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Tell the person to sign on.</summary>
    Notify,

    /// <summary>Have Okta push the person to Dropbox: wait for the queue, or clear the failed task.</summary>
    Provision,

    /// <summary>Assign the Dropbox app to the person in Okta.</summary>
    Assign,

    /// <summary>Mend the Okta user first: activate, unsuspend or unlock.</summary>
    FixInOkta,

    /// <summary>Unsuspend the member in Dropbox, or leave it so.</summary>
    Unsuspend,

    /// <summary>Recover the removed member in Dropbox while that is still possible.</summary>
    Recover,

    /// <summary>Have the person invited to the team again.</summary>
    Invite,

    /// <summary>Assign the app in Okta, or remove the member from the team.</summary>
    AssignOrRemove,

    /// <summary>Buy a licence or free one: Dropbox has none left for the person.</summary>
    AddLicense,

    /// <summary>Mend single sign-on: the person tried, and Dropbox refused.</summary>
    FixSignOn,

    /// <summary>Resolve by hand: the records contradict each other.</summary>
    Resolve,
}
