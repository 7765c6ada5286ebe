using System.Text.Json.Serialization;

namespace DropboxOktaProvisioning.Engine.Plans;

/// <summary>A plan's file.</summary>
/// <param name="Version">The version of its form.</param>
/// <param name="Hash">The plan's hash.</param>
/// <param name="Plan">The plan.</param>
internal sealed record PlanDocument(int Version, string? Hash, ProvisioningPlan? Plan);

/// <summary>A plan as JSON: each member in the order of its declaration, enumerations by name, nothing that is not known.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, MaxDepth = PlanFile.Deepest,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(PlanDocument))]
[JsonSerializable(typeof(ProvisioningPlan))]
internal sealed partial class PlanJson : JsonSerializerContext;
