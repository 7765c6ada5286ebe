using System.Text.Json;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Packing;

namespace DropboxOktaProvisioning.Engine.Okta;

/// <summary>Reads the answers about people, whole pages of them and single ones.</summary>
internal static class OktaPages
{
    /// <summary>A page of the app's users, packed.</summary>
    public static IReadOnlyList<OktaAppUser> ReadAppUsers(Answer answer)
    {
        var records = new PackWriter();
        answer.Parse((ref Utf8JsonReader reader) =>
        {
            JsonFields.EachEntry(ref reader, "$", (ref Utf8JsonReader entry, int position) =>
            {
                AppUserFields user = JsonFields.IsObject(ref entry, "") ? AppUserFields.Read(ref entry) : default;
                if (!user.Id.HasLetters) throw NoId(answer, position);
                user.Pack(records);
            });
            return true;
        });
        (byte[] bytes, int[] starts) = records.Take();
        return new PackedPage<OktaAppUser>(bytes, starts, record => AppUserFields.Of(record).ToRecord()!);
    }

    /// <summary>A page of users.</summary>
    public static IReadOnlyList<OktaUser> ReadUsers(Answer answer) => answer.Parse((ref Utf8JsonReader reader) =>
    {
        var users = new List<OktaUser>();
        JsonFields.EachEntry(ref reader, "$", (ref Utf8JsonReader entry, int position) =>
            users.Add((JsonFields.IsObject(ref entry, "") ? UserFields.Read(ref entry).ToRecord() : null) ?? throw NoId(answer, position)));
        return users;
    });

    /// <summary>One user of the app; null without an id.</summary>
    public static OktaAppUser? ReadAppUser(Answer answer) =>
        answer.Parse((ref Utf8JsonReader reader) => JsonFields.IsObject(ref reader, "$") ? AppUserFields.Read(ref reader).ToRecord() : null);

    /// <summary>One user; null without an id.</summary>
    public static OktaUser? ReadUser(Answer answer) =>
        answer.Parse((ref Utf8JsonReader reader) => JsonFields.IsObject(ref reader, "$") ? UserFields.Read(ref reader).ToRecord() : null);

    private static ServiceException NoId(Answer answer, int position) => answer.Malformed($"entry {position + 1} of the page has no id");
}
