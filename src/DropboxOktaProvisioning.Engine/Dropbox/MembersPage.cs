using System.Text.Json;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Packing;

namespace DropboxOktaProvisioning.Engine.Dropbox;

/// <summary>A page of <c>members/list_v2</c>.</summary>
/// <param name="Members">The members, packed.</param>
/// <param name="Cursor">The place of the next page; null on the last one.</param>
internal sealed record MembersPage(IReadOnlyList<DropboxMember> Members, string? Cursor)
{
    /// <exception cref="ServiceException"><see cref="ErrorIds.MalformedAnswer"/>.</exception>
    public static MembersPage Read(Answer answer)
    {
        var records = new PackWriter();
        bool hasMembers = false;
        bool? more = null;
        string? cursor = null;
        answer.Parse((ref Utf8JsonReader reader) =>
        {
            if (reader.TokenType != JsonTokenType.StartObject) throw JsonFields.Wrong(ref reader, "$");
            while (JsonFields.Next(ref reader, out ReadOnlySpan<byte> name))
            {
                if (name.SequenceEqual("members"u8) && JsonFields.IsList(ref reader, "members"))
                {
                    hasMembers = true;
                    JsonFields.EachEntry(ref reader, "$.members", (ref Utf8JsonReader entry, int position) => ReadMember(answer, ref entry, position).Pack(records));
                }
                else if (name.SequenceEqual("cursor"u8)) cursor = JsonFields.Text(ref reader, "cursor").Decode();
                else if (name.SequenceEqual("has_more"u8) && reader.TokenType != JsonTokenType.Null) more = JsonFields.Flag(ref reader, "has_more");
                else reader.Skip();
            }

            return true;
        });
        if (!hasMembers) throw answer.Malformed("it has no members");
        if (more is not { } follow) throw answer.Malformed("it does not say whether more follow");
        if (follow && string.IsNullOrEmpty(cursor)) throw answer.Malformed("more follow, but it has no cursor");

        (byte[] bytes, int[] starts) = records.Take();
        return new MembersPage(new PackedPage<DropboxMember>(bytes, starts, record => MemberFields.Of(record).ToRecord()!), follow ? cursor : null);
    }

    /// <summary>The member of an entry such as <c>{"profile":{…},"role":{…}}</c>.</summary>
    private static MemberFields ReadMember(Answer answer, scoped ref Utf8JsonReader entry, int position)
    {
        var member = default(MemberFields);
        if (JsonFields.IsObject(ref entry, ""))
        {
            while (JsonFields.Next(ref entry, out ReadOnlySpan<byte> name))
            {
                if (name.SequenceEqual("profile"u8) && JsonFields.IsObject(ref entry, "profile")) member = MemberFields.Read(ref entry);
                else entry.Skip();
            }
        }

        return member.IsWhole ? member : throw MembersInfo.NotWhole(answer, position);
    }
}
