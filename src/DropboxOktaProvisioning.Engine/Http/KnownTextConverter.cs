using System.Text.Json;
using System.Text.Json.Serialization;

namespace DropboxOktaProvisioning.Engine.Http;

/// <summary>Reads a text that is nearly always one of a few, and hands out one string for each of those: lists of people are full of them.</summary>
internal sealed class KnownTextConverter : JsonConverter<string?>
{
    private static readonly string[] Known =
    [
        // What is met most comes first.
        "ACTIVE", "PROVISIONED", "USER", "GROUP", "DISABLED", "SYNCHRONIZED", "STAGED", "active", "invited", "suspended", "removed",
        "DEPROVISIONED", "SUSPENDED", "LOCKED_OUT", "PASSWORD_EXPIRED", "RECOVERY", "OUT_OF_SYNC", "SYNCING", "ERROR", "PENDING", "IMPORTED",
        "MATCHED", "INACTIVE", "UNASSIGNED", "APPROVED", "REVOKED", "IMPLICIT", "OKTA_GROUP", "APP_GROUP", "BUILT_IN",
    ];

    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String) throw new JsonException();
        foreach (string known in Known)
        {
            if (reader.ValueTextEquals(known)) return known;
        }

        return reader.GetString();
    }

    public override void Write(Utf8JsonWriter writer, string? value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
