using DropboxOktaProvisioning.Engine.Workflow;

namespace DropboxOktaProvisioning.Engine.Verification;

/// <summary>Whom a verification is about.</summary>
public abstract record VerificationScope
{
    /// <summary>All who are assigned the app, and all who are or were on the team.</summary>
    public sealed record Everyone : VerificationScope;

    /// <summary>The people of Okta groups.</summary>
    /// <param name="Names">Names or ids.</param>
    public sealed record Groups(IReadOnlyList<string> Names) : VerificationScope
    {
        /// <summary>What Okta has by each name; null before it was asked.</summary>
        internal IReadOnlyList<NamedGroup>? Found { get; init; }
    }

    /// <summary>Those whose address is exactly on one of the domains.</summary>
    /// <param name="Names">Domains, without @.</param>
    public sealed record Domains(IReadOnlyList<string> Names) : VerificationScope;

    /// <summary>The people with these addresses.</summary>
    /// <param name="Addresses">Addresses, in any case.</param>
    public sealed record People(IReadOnlyList<string> Addresses) : VerificationScope;
}

/// <summary>What comes out for one person or one name asked for: a row, or a problem with that name.</summary>
/// <param name="Status">The row.</param>
/// <param name="Problem">Why there is none.</param>
public readonly record struct VerificationOutcome(DropboxUserStatus? Status, ProvisioningException? Problem);
