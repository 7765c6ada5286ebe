using System.Runtime.CompilerServices;
using System.Text.Json;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Packing;

namespace DropboxOktaProvisioning.Engine.Okta;

/// <summary>What is read of Okta's JSON of an app's user (<c>AppUser</c> of the management API). Every field may be missing or null.</summary>
internal ref struct AppUserFields
{
    public Utf8Text Id;
    public Utf8Text ExternalId;
    public Utf8Text Scope;
    public Utf8Text Status;
    public Utf8Text SyncState;
    public DateTimeOffset? StatusChanged;
    public Utf8Text UserName;
    public Utf8Text Email;
    public UserFields User;

    /// <summary>Reads the object that the reader stands at the start of.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static AppUserFields Read(scoped ref Utf8JsonReader reader)
    {
        var user = default(AppUserFields);
        while (JsonFields.Next(ref reader, out ReadOnlySpan<byte> name))
        {
            if (name.SequenceEqual("id"u8)) user.Id = JsonFields.Text(ref reader, "id");
            else if (name.SequenceEqual("externalId"u8)) user.ExternalId = JsonFields.Text(ref reader, "externalId");
            else if (name.SequenceEqual("scope"u8)) user.Scope = JsonFields.Text(ref reader, "scope");
            else if (name.SequenceEqual("status"u8)) user.Status = JsonFields.Text(ref reader, "status");
            else if (name.SequenceEqual("syncState"u8)) user.SyncState = JsonFields.Text(ref reader, "syncState");
            else if (name.SequenceEqual("statusChanged"u8)) user.StatusChanged = JsonFields.Moment(ref reader, "statusChanged");
            else if (name.SequenceEqual("credentials"u8)) user.UserName = ReadOne(ref reader, "credentials", "userName"u8);
            else if (name.SequenceEqual("profile"u8)) user.Email = ReadOne(ref reader, "profile", "email"u8);
            else if (name.SequenceEqual("_embedded"u8)) user.ReadEmbedded(ref reader);
            else reader.Skip();
        }

        return user;
    }

    /// <summary>The fields of a record.</summary>
    public static AppUserFields Of(OktaAppUser user) => new()
    {
        Id = Utf8Text.Of(user.Id),
        ExternalId = Utf8Text.Of(user.ExternalId),
        Scope = Utf8Text.Of(user.Scope),
        Status = Utf8Text.Of(user.Status),
        SyncState = Utf8Text.Of(user.SyncState),
        StatusChanged = user.StatusChanged,
        UserName = Utf8Text.Of(user.UserName),
        Email = Utf8Text.Of(user.Email),
        User = user.User is { } inner ? UserFields.Of(inner) : default,
    };

    /// <summary>The fields of a packed record.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static AppUserFields Of(PackReader record)
    {
        var user = AddressesOf(ref record);
        user.Scope = record.Word();
        user.Status = record.Word();
        user.SyncState = record.Word();
        user.StatusChanged = record.Moment();
        user.User.Status = record.Word();
        user.User.FirstName = record.Text();
        user.User.LastName = record.Text();
        user.User.DisplayName = record.Text();
        user.User.Department = record.Repeated();
        user.User.PreferredLanguage = record.Repeated();
        user.User.TimeZone = record.Repeated();
        user.User.CountryCode = record.Repeated();
        user.User.Manager = record.Repeated();
        user.User.ManagerId = record.Repeated();
        return user;
    }

    /// <summary>The addresses of a packed record and nothing else: what stands behind them is not read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static AppUserFields AddressesOf(scoped ref PackReader record)
    {
        var user = default(AppUserFields);
        user.Id = record.Text();
        user.ExternalId = record.Text();
        user.UserName = record.Text();
        user.Email = record.Text(user.UserName);
        user.User.Id = record.Text(user.Id);
        user.User.Login = record.Text(user.UserName);
        user.User.Email = record.Text(user.UserName);
        return user;
    }

    /// <summary>Writes them as a packed record, the addresses first: the join asks for those.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Pack(PackWriter record)
    {
        record.Begin();
        record.Text(Id);
        record.Text(ExternalId);
        record.Text(UserName);
        record.Text(Email, UserName);
        record.Text(User.Id, Id);
        record.Text(User.Login, UserName);
        record.Text(User.Email, UserName);
        record.Word(Scope);
        record.Word(Status);
        record.Word(SyncState);
        record.Moment(StatusChanged);
        record.Word(User.Status);
        record.Text(User.FirstName);
        record.Text(User.LastName);
        record.Text(User.DisplayName);
        record.Repeated(User.Department);
        record.Repeated(User.Language);
        record.Repeated(User.TimeZone);
        record.Repeated(User.CountryCode);
        record.Repeated(User.Manager);
        record.Repeated(User.ManagerId);
    }

    /// <summary>The record, or null where what must be there is not. One address nearly always stands in four places; one string is kept of it.</summary>
    /// <param name="repeated">Where texts that many people share are kept once.</param>
    public readonly OktaAppUser? ToRecord(TextPool? repeated = null)
    {
        if (!Id.HasLetters) return null;
        string id = Id.Decode()!;
        string? userName = UserName.Decode();
        return new OktaAppUser
        {
            Id = id,
            ExternalId = ExternalId.HasLetters ? ExternalId.Decode() : null,
            Scope = UserFields.Word(Scope),
            Status = UserFields.Word(Status),
            SyncState = UserFields.Word(SyncState),
            StatusChanged = StatusChanged,
            UserName = userName,
            Email = Email.Equals(UserName) ? userName : Email.Decode(),
            User = User.ToRecord(id, UserName, userName, repeated),
        };
    }

    /// <summary>The object's one text that is wanted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Utf8Text ReadOne(scoped ref Utf8JsonReader reader, string field, scoped ReadOnlySpan<byte> wanted)
    {
        var text = default(Utf8Text);
        if (!JsonFields.IsObject(ref reader, field)) return text;
        while (JsonFields.Next(ref reader, out ReadOnlySpan<byte> name))
        {
            if (name.SequenceEqual(wanted)) text = JsonFields.Text(ref reader, field);
            else reader.Skip();
        }

        return text;
    }

    private void ReadEmbedded(scoped ref Utf8JsonReader reader)
    {
        if (!JsonFields.IsObject(ref reader, "_embedded")) return;
        while (JsonFields.Next(ref reader, out ReadOnlySpan<byte> name))
        {
            if (name.SequenceEqual("user"u8) && JsonFields.IsObject(ref reader, "_embedded.user")) User = UserFields.Read(ref reader);
            else reader.Skip();
        }
    }
}
