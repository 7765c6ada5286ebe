using System.Text.Json;
using DropboxOktaProvisioning.Engine.Http;

namespace DropboxOktaProvisioning.Engine.Dropbox;

/// <summary>Reads the answer of <c>members/get_info_v2</c>: for each name either <c>member_info</c>, its profile beside the tag, or <c>id_not_found</c>.</summary>
internal static class MembersInfo
{
    /// <summary>The members that are there.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="asked">The names that were asked for.</param>
    /// <exception cref="ServiceException">
    /// <see cref="ErrorIds.MalformedAnswer"/>, or <see cref="ErrorIds.IncompleteList"/> where the service said nothing about a name.
    /// </exception>
    public static IReadOnlyList<DropboxMember> Read(Answer answer, string[] asked)
    {
        var members = new List<DropboxMember>();
        var open = new HashSet<string>(asked, StringComparer.OrdinalIgnoreCase);
        bool isThere = false;
        int byOtherName = 0;
        answer.Parse((ref Utf8JsonReader reader) =>
        {
            if (reader.TokenType != JsonTokenType.StartObject) throw JsonFields.Wrong(ref reader, "$");
            while (JsonFields.Next(ref reader, out ReadOnlySpan<byte> name))
            {
                if (!name.SequenceEqual("members_info"u8) || !JsonFields.IsList(ref reader, "members_info"))
                {
                    reader.Skip();
                    continue;
                }

                isThere = true;
                JsonFields.EachEntry(ref reader, "$.members_info", (ref Utf8JsonReader entry, int position) =>
                {
                    if (ReadItem(answer, ref entry, position, out string? nobody) is { } member)
                    {
                        members.Add(member);
                        if (!Close(open, member)) byOtherName++;
                    }
                    else
                    {
                        open.Remove(nobody ?? "");
                    }
                });
            }

            return true;
        });
        if (!isThere) throw answer.Malformed("it has no members_info");

        // An address that was passed over is not known to be nobody's. A member may have been found by a name that the answer does not show.
        if (open.Count <= byOtherName) return members;
        throw new ServiceException(ErrorIds.IncompleteList, ProblemCategory.InvalidData, DropboxErrors.Service,
            $"Dropbox said nothing about {open.Count} of {asked.Length} addresses, the first being {open.First()}.", "Run the command again.", open.First());
    }

    /// <summary>The error for a member without what each must have.</summary>
    public static ServiceException NotWhole(Answer answer, int position) =>
        answer.Malformed($"entry {position + 1} of the page lacks its team_member_id, its email or its status");

    private static DropboxMember? ReadItem(Answer answer, ref Utf8JsonReader entry, int position, out string? nobody)
    {
        (string? tag, DropboxMember? member, nobody) = (null, null, null);
        if (JsonFields.IsObject(ref entry, ""))
        {
            while (JsonFields.Next(ref entry, out ReadOnlySpan<byte> name))
            {
                if (name.SequenceEqual(".tag"u8)) tag = JsonFields.Text(ref entry, ".tag").Decode();
                else if (name.SequenceEqual("profile"u8) && JsonFields.IsObject(ref entry, "profile")) member = MemberFields.Read(ref entry).ToRecord();
                else if (name.SequenceEqual("id_not_found"u8)) nobody = JsonFields.Text(ref entry, "id_not_found").Decode();
                else entry.Skip();
            }
        }

        return tag switch
        {
            "member_info" => member ?? throw NotWhole(answer, position),
            "id_not_found" => null,
            _ => throw answer.Malformed($"entry {position + 1} is neither a member nor an address that nobody has"),
        };
    }

    private static bool Close(HashSet<string> open, DropboxMember member)
    {
        bool known = open.Remove(member.Email) | open.Remove(member.TeamMemberId) | open.Remove(member.ExternalId ?? "");
        foreach (string email in member.SecondaryEmails) known |= open.Remove(email);
        return known;
    }
}
