using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Okta;
using DropboxOktaProvisioning.Engine.Verification;

namespace DropboxOktaProvisioning.Engine.Refresh;

/// <summary>What is known about a reading that is kept: of whom, how old, and where in the two logs it stands.</summary>
internal sealed record ReadingState
{
    /// <summary>The form in which readings are kept; one more with every change of how records are packed.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The form.</summary>
    public required int Format { get; init; }

    /// <summary>The version of the module that wrote it.</summary>
    public required string Module { get; init; }

    /// <summary>Whose it is.</summary>
    public required ReadingKey Key { get; init; }

    /// <summary>When both lists were last read whole.</summary>
    public required DateTimeOffset TakenOn { get; init; }

    /// <summary>When it was last brought up to date.</summary>
    public required DateTimeOffset RefreshedOn { get; init; }

    /// <summary>Up to where Okta's log was read, in Okta's own time.</summary>
    public required DateTimeOffset OktaPosition { get; init; }

    /// <summary>Behind what the team's log was read.</summary>
    public required string DropboxCursor { get; init; }

    /// <summary>By how many the team's own count was above the list: of active and invited people, and of suspended ones too.</summary>
    public required TeamExcess Excess { get; init; }

    /// <summary>Members who changed a short time before: the service may not have shown all of it yet, so they are looked at once more.</summary>
    public IReadOnlyList<string> Again { get; init; } = [];

    /// <summary>When removed members were removed, as far as the log tells; it decides how long they can be recovered.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> RemovedOn { get; init; } = new Dictionary<string, DateTimeOffset>();

    /// <summary>The digest of the two lists that belong to it.</summary>
    public string Digest { get; init; } = "";

    /// <summary>The version that this program writes.</summary>
    public static string CurrentModule { get; } = typeof(ReadingState).Assembly.GetName().Version?.ToString() ?? "0";

    /// <summary>As a text, and the seal over it.</summary>
    public (string Text, string Seal) Write()
    {
        var text = JsonSerializer.Serialize(this, ReadingJson.Default.ReadingState);
        return (text, SealOf(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>Reads a text back; null where it is not what the seal was put on, or no such text.</summary>
    public static ReadingState? Read(string text, string seal)
    {
        if (SealOf(Encoding.UTF8.GetBytes(text)) != seal) return null;
        try
        {
            return JsonSerializer.Deserialize(text, ReadingJson.Default.ReadingState);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A digest in letters.</summary>
    public static string SealOf(ReadOnlySpan<byte> bytes) => Convert.ToHexString(SHA256.HashData(bytes));
}

/// <summary>Whose reading it is.</summary>
/// <param name="TeamId">The Dropbox team.</param>
/// <param name="Org">The Okta org's address.</param>
/// <param name="AppId">The app.</param>
internal sealed record ReadingKey(string TeamId, string Org, string AppId)
{
    /// <summary>That of two connections and an app.</summary>
    public static ReadingKey Of(OktaClient okta, DropboxTeamClient dropbox, string appId) => new(dropbox.Team.TeamId, okta.Origin.Authority, appId);
}

/// <summary>By how many the team's own count is above a list.</summary>
/// <param name="OverJoinedAndInvited">Above those who are active or invited; the spec counts so.</param>
/// <param name="OverOnTeam">Above those and the suspended; a guide counts so.</param>
internal sealed record TeamExcess(int OverJoinedAndInvited, int OverOnTeam)
{
    /// <summary>That of a count over a list.</summary>
    public static TeamExcess Of(DropboxTeamInfo team, TeamCount read) => new(team.ProvisionedUsers - read.JoinedOrInvited, team.ProvisionedUsers - read.OnTeam);

    /// <summary>Whether a later count fits, whichever of the two ways the service counts.</summary>
    public bool Fits(TeamExcess later) => later.OverJoinedAndInvited == OverJoinedAndInvited || later.OverOnTeam == OverOnTeam;
}

[JsonSerializable(typeof(ReadingState))]
internal sealed partial class ReadingJson : JsonSerializerContext;
