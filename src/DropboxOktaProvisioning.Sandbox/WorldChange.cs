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
