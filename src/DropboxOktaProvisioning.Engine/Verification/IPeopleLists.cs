using DropboxOktaProvisioning.Engine.Okta;

namespace DropboxOktaProvisioning.Engine.Verification;

/// <summary>Where everybody comes from: read whole, or brought up to date from an earlier reading.</summary>
internal interface IPeopleLists
{
    /// <summary>Both lists joined, with <paramref name="others"/> of the scope who may not be assigned.</summary>
    Task<IReadOnlyList<PersonFacts>> ReadAsync(IEnumerable<OktaUser> others, IProgress<RunEvent>? progress, CancellationToken cancel);
}
