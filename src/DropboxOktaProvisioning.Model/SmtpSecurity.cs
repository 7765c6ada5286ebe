namespace DropboxOktaProvisioning;

/// <summary>How the way to a mail server is protected.</summary>
public enum SmtpSecurity
{
    /// <summary>STARTTLS, and nothing is sent to a server that does not offer it.</summary>
    StartTls,

    /// <summary>TLS from the first byte, as on port 465.</summary>
    Implicit,

    /// <summary>None: readable by everybody on the way.</summary>
    None,
}
