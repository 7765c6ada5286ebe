namespace DropboxOktaProvisioning;

/// <summary>How the connection to the mail server is encrypted.</summary>
public enum SmtpTls
{
    /// <summary>Implicit on port 465, STARTTLS on every other; never without.</summary>
    Required,

    /// <summary>STARTTLS, never without.</summary>
    StartTls,

    /// <summary>TLS from the first byte.</summary>
    Implicit,

    /// <summary>No encryption at all: the names of people, and the password, are readable on the wire.</summary>
    None,
}
