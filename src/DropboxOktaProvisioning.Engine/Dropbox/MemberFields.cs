using System.Runtime.CompilerServices;
using System.Text.Json;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Packing;

namespace DropboxOktaProvisioning.Engine.Dropbox;

/// <summary>What is read of Dropbox's JSON of a member's profile (<c>TeamMemberProfile</c>). Every field may be missing or null.</summary>
internal ref struct MemberFields
{
    public Utf8Text TeamMemberId;
    public Utf8Text AccountId;
    public Utf8Text ExternalId;
    public Utf8Text Email;
    public List<string>? SecondaryEmails;
    public Utf8Text DisplayName;
    public Utf8Text Status;
    public bool IsRecoverable;
    public bool IsDisconnected;
    public DateTimeOffset? InvitedOn;
    public DateTimeOffset? JoinedOn;
    public DateTimeOffset? SuspendedOn;

    /// <summary>Whether all is there that a member must have.</summary>
    public readonly bool IsWhole => TeamMemberId.HasLetters && Email.Exists && Status.Exists;

    /// <summary>Whether the member was removed from the team.</summary>
    public readonly bool IsRemoved => Status.Bytes.SequenceEqual("removed"u8);

    /// <summary>Whether the member is active or invited, which is how the spec counts a team.</summary>
    public readonly bool IsJoinedOrInvited => Status.Bytes.SequenceEqual("active"u8) || Status.Bytes.SequenceEqual("invited"u8);

    /// <summary>Reads the object that the reader stands at the start of.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static MemberFields Read(scoped ref Utf8JsonReader reader)
    {
        var member = default(MemberFields);
        while (JsonFields.Next(ref reader, out ReadOnlySpan<byte> name))
        {
            if (name.SequenceEqual("team_member_id"u8)) member.TeamMemberId = JsonFields.Text(ref reader, "team_member_id");
            else if (name.SequenceEqual("account_id"u8)) member.AccountId = JsonFields.Text(ref reader, "account_id");
            else if (name.SequenceEqual("external_id"u8)) member.ExternalId = JsonFields.Text(ref reader, "external_id");
            else if (name.SequenceEqual("email"u8)) member.Email = JsonFields.Text(ref reader, "email");
            else if (name.SequenceEqual("status"u8)) member.ReadStatus(ref reader);
            else if (name.SequenceEqual("name"u8)) member.ReadName(ref reader);
            else if (name.SequenceEqual("secondary_emails"u8)) member.ReadSecondaryEmails(ref reader);
            else if (name.SequenceEqual("invited_on"u8)) member.InvitedOn = JsonFields.Moment(ref reader, "invited_on");
            else if (name.SequenceEqual("joined_on"u8)) member.JoinedOn = JsonFields.Moment(ref reader, "joined_on");
            else if (name.SequenceEqual("suspended_on"u8)) member.SuspendedOn = JsonFields.Moment(ref reader, "suspended_on");
            else reader.Skip();
        }

        return member;
    }

    /// <summary>The fields of a record.</summary>
    public static MemberFields Of(DropboxMember member) => new()
    {
        TeamMemberId = Utf8Text.Of(member.TeamMemberId),
        AccountId = Utf8Text.Of(member.AccountId),
        ExternalId = Utf8Text.Of(member.ExternalId),
        Email = Utf8Text.Of(member.Email),
        SecondaryEmails = member.SecondaryEmails.Count == 0 ? null : [.. member.SecondaryEmails],
        DisplayName = Utf8Text.Of(member.DisplayName),
        Status = Utf8Text.Of(member.StatusTag),
        IsRecoverable = member.IsRecoverable,
        IsDisconnected = member.IsDisconnected,
        InvitedOn = member.InvitedOn,
        JoinedOn = member.JoinedOn,
        SuspendedOn = member.SuspendedOn,
    };

    /// <summary>The fields of a packed record.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static MemberFields Of(PackReader record)
    {
        var member = default(MemberFields);
        member.TeamMemberId = record.Text();
        member.AccountId = record.Text();
        member.ExternalId = record.Text();
        member.Email = record.Text();
        member.Status = record.Word();
        byte flags = record.Byte();
        member.IsRecoverable = (flags & 1) != 0;
        member.IsDisconnected = (flags & 2) != 0;
        for (uint more = record.Number(); more > 0; more--) (member.SecondaryEmails ??= []).Add(record.Text().Decode()!);
        member.DisplayName = record.Text();
        member.InvitedOn = record.Moment();
        member.JoinedOn = record.Moment();
        member.SuspendedOn = record.Moment();
        return member;
    }

    /// <summary>Writes them as a packed record, what the join asks for first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Pack(PackWriter record)
    {
        record.Begin();
        record.Text(TeamMemberId);
        record.Text(AccountId);
        record.Text(ExternalId);
        record.Text(Email);
        record.Word(Status);
        record.Byte((byte)((IsRecoverable ? 1 : 0) | (IsDisconnected ? 2 : 0)));
        record.Number((uint)(SecondaryEmails?.Count ?? 0));
        foreach (string address in SecondaryEmails ?? []) record.Text(Utf8Text.Of(address));
        record.Text(DisplayName);
        record.Moment(InvitedOn);
        record.Moment(JoinedOn);
        record.Moment(SuspendedOn);
    }

    /// <summary>The record, or null where what must be there is not.</summary>
    public readonly DropboxMember? ToRecord()
    {
        if (!IsWhole) return null;
        string tag = KnownWords.Find(Status.Bytes) is >= 0 and var known ? KnownWords.At(known) : Status.Decode()!;
        return new DropboxMember
        {
            TeamMemberId = TeamMemberId.Decode()!,
            AccountId = AccountId.Decode(),
            ExternalId = ExternalId.HasLetters ? ExternalId.Decode() : null,
            Email = Email.Decode()!,
            SecondaryEmails = SecondaryEmails ?? (IReadOnlyList<string>)[],
            DisplayName = DisplayName.HasLetters ? DisplayName.Decode() : null,
            Status = tag switch
            {
                "active" => DropboxMemberStatus.Active,
                "invited" => DropboxMemberStatus.Invited,
                "suspended" => DropboxMemberStatus.Suspended,
                "removed" => DropboxMemberStatus.Removed,
                _ => DropboxMemberStatus.Other,
            },
            StatusTag = tag,
            IsRecoverable = IsRecoverable,
            IsDisconnected = IsDisconnected,
            InvitedOn = InvitedOn,
            JoinedOn = JoinedOn,
            SuspendedOn = SuspendedOn,
        };
    }

    private void ReadStatus(scoped ref Utf8JsonReader reader)
    {
        if (!JsonFields.IsObject(ref reader, "status")) return;
        while (JsonFields.Next(ref reader, out ReadOnlySpan<byte> name))
        {
            if (name.SequenceEqual(".tag"u8)) Status = JsonFields.Text(ref reader, "status..tag");
            else if (name.SequenceEqual("is_recoverable"u8)) IsRecoverable = JsonFields.Flag(ref reader, "status.is_recoverable");
            else if (name.SequenceEqual("is_disconnected"u8)) IsDisconnected = JsonFields.Flag(ref reader, "status.is_disconnected");
            else reader.Skip();
        }
    }

    private void ReadName(scoped ref Utf8JsonReader reader)
    {
        if (!JsonFields.IsObject(ref reader, "name")) return;
        while (JsonFields.Next(ref reader, out ReadOnlySpan<byte> name))
        {
            if (name.SequenceEqual("display_name"u8)) DisplayName = JsonFields.Text(ref reader, "name.display_name");
            else reader.Skip();
        }
    }

    private void ReadSecondaryEmails(scoped ref Utf8JsonReader reader)
    {
        SecondaryEmails = null;
        if (!JsonFields.IsList(ref reader, "secondary_emails")) return;
        while (JsonFields.NextEntry(ref reader))
        {
            if (!JsonFields.IsObject(ref reader, "secondary_emails")) continue;
            while (JsonFields.Next(ref reader, out ReadOnlySpan<byte> name))
            {
                if (!name.SequenceEqual("email"u8)) reader.Skip();
                else if (JsonFields.Text(ref reader, "secondary_emails.email").Decode() is { } address) (SecondaryEmails ??= []).Add(address);
            }
        }
    }
}
