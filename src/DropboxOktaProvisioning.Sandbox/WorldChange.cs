namespace DropboxOktaProvisioning.Sandbox;

/// <summary>What an admin may do to the team in Dropbox's console, or what people may do there; each leaves its event in the team's log.</summary>
public enum TeamChange
{
    /// <summary>Single sign-on is turned off.</summary>
    SsoOff,

    /// <summary>Single sign-on is optional.</summary>
    SsoOptional,

    /// <summary>Single sign-on is required.</summary>
    SsoRequired,

    /// <summary>The certificate is changed for one that has ended.</summary>
    CertificateEnds,

    /// <summary>The company's domain is verified.</summary>
    DomainVerified,

    /// <summary>The company's domain is removed.</summary>
    DomainRemoved,

    /// <summary>Account capture is turned off.</summary>
    CaptureOff,

    /// <summary>Invited people are captured: invite enforcement.</summary>
    CaptureInvitedUsers,

    /// <summary>Everybody with a personal account on the domain is captured.</summary>
    CaptureAllUsers,

    /// <summary>Somebody who is no admin logs in with a password.</summary>
    PasswordLogIn,
}

/// <summary>What an admin may do to the Dropbox app in Okta's console.</summary>
public enum AppChange
{
    /// <summary>The app is deactivated.</summary>
    Deactivated,

    /// <summary>The app is activated.</summary>
    Activated,

    /// <summary>The tile is hidden.</summary>
    TileHidden,

    /// <summary>Provisioning is turned off.</summary>
    ProvisioningOff,

    /// <summary>The app signs on with a stored password in place of SAML.</summary>
    PasswordSignOn,

    /// <summary>The user name in the app is the Okta login.</summary>
    UserNameIsLogin,
}

/// <summary>What an admin may do to one person, in Okta's console or in Dropbox's; each leaves its entry in that service's log.</summary>
public enum PersonChange
{
    /// <summary>The app is taken away in Okta; the member stays, as where the push of deactivation is off.</summary>
    Unassigned,

    /// <summary>The Okta user is suspended.</summary>
    UserSuspended,

    /// <summary>The Okta user is suspended no more.</summary>
    UserUnsuspended,

    /// <summary>The Okta user is locked out.</summary>
    UserLocked,

    /// <summary>The Okta user is unlocked.</summary>
    UserUnlocked,

    /// <summary>The Okta user is deactivated.</summary>
    UserDeactivated,

    /// <summary>A staged or deactivated Okta user is activated.</summary>
    UserActivated,

    /// <summary>The address is spelled otherwise in Okta's profile, with capitals or without.</summary>
    AddressRespelled,

    /// <summary>The person comes into the group Dropbox Pilot, which may be assigned the app.</summary>
    JoinedPilotGroup,

    /// <summary>The member is suspended.</summary>
    MemberSuspended,

    /// <summary>The member is suspended no more.</summary>
    MemberUnsuspended,

    /// <summary>The member is removed, recoverable for 7 days.</summary>
    MemberRemoved,

    /// <summary>The member is removed and keeps the account as a personal one.</summary>
    MemberDetached,

    /// <summary>A removed member is recovered.</summary>
    MemberRecovered,

    /// <summary>The member's primary address becomes the other one, or the first again.</summary>
    MemberAddressChanged,
}
