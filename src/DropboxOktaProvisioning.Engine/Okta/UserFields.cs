using System.Runtime.CompilerServices;
using System.Text.Json;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Packing;

namespace DropboxOktaProvisioning.Engine.Okta;

/// <summary>What is read of Okta's JSON of a user (<c>User</c> of the management API). Every field may be missing or null.</summary>
internal ref struct UserFields
{
    public Utf8Text Id;
    public Utf8Text Status;
    public Utf8Text Login;
    public Utf8Text Email;
    public Utf8Text FirstName;
    public Utf8Text LastName;
    public Utf8Text DisplayName;
    public Utf8Text Department;
    public Utf8Text PreferredLanguage;
    public Utf8Text Locale;
    public Utf8Text TimeZone;
    public Utf8Text CountryCode;
    public Utf8Text Manager;
    public Utf8Text ManagerId;

    /// <summary>The language that the person chose, else the one of the locale.</summary>
    public readonly Utf8Text Language => !PreferredLanguage.HasLetters && Locale.Exists ? Locale : PreferredLanguage;

    /// <summary>Reads the object that the reader stands at the start of.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static UserFields Read(scoped ref Utf8JsonReader reader)
    {
        var user = default(UserFields);
        while (JsonFields.Next(ref reader, out ReadOnlySpan<byte> name))
        {
            if (name.SequenceEqual("id"u8)) user.Id = JsonFields.Text(ref reader, "id");
            else if (name.SequenceEqual("status"u8)) user.Status = JsonFields.Text(ref reader, "status");
            else if (name.SequenceEqual("profile"u8)) user.ReadProfile(ref reader);
            else reader.Skip();
        }

        return user;
    }

    public static UserFields Of(OktaUser user) => new()
    {
        Id = Utf8Text.Of(user.Id),
        Status = Utf8Text.Of(user.Status),
        Login = Utf8Text.Of(user.Login),
        Email = Utf8Text.Of(user.Email),
        FirstName = Utf8Text.Of(user.FirstName),
        LastName = Utf8Text.Of(user.LastName),
        DisplayName = Utf8Text.Of(user.DisplayName),
        Department = Utf8Text.Of(user.Department),
        PreferredLanguage = Utf8Text.Of(user.Language),
        TimeZone = Utf8Text.Of(user.TimeZone),
        CountryCode = Utf8Text.Of(user.CountryCode),
        Manager = Utf8Text.Of(user.Manager),
        ManagerId = Utf8Text.Of(user.ManagerId),
    };

    /// <summary>The record, or null without an id.</summary>
    /// <param name="knownId">An id that is nearly always the same, as the string that is kept already.</param>
    /// <param name="known">An address that is nearly always the same.</param>
    /// <param name="knownAddress">The same as a string.</param>
    /// <param name="repeated">Where texts that many people share are kept once; null for a person alone.</param>
    public readonly OktaUser? ToRecord(string? knownId = null, Utf8Text known = default, string? knownAddress = null, TextPool? repeated = null)
    {
        if (!Id.HasLetters) return null;
        string id = Id.Decode()!;
        string? login = Login.Equals(known) ? knownAddress : Login.Decode();
        return new OktaUser
        {
            Id = id == knownId ? knownId : id,
            Status = Word(Status),
            Login = login,
            Email = Email.Equals(Login) ? login : Email.Equals(known) ? knownAddress : Email.Decode(),
            FirstName = FirstName.Decode(),
            LastName = LastName.Decode(),
            DisplayName = DisplayName.Decode(),
            Department = Repeated(Department, repeated),
            Language = Repeated(Language, repeated),
            TimeZone = Repeated(TimeZone, repeated),
            CountryCode = Repeated(CountryCode, repeated),
            Manager = Repeated(Manager, repeated),
            ManagerId = Repeated(ManagerId, repeated),
        };
    }

    public static string? Word(Utf8Text text) =>
        text.Exists && KnownWords.Find(text.Bytes) is >= 0 and var known ? KnownWords.At(known) : text.Decode();

    private static string? Repeated(Utf8Text text, TextPool? pool) => pool is null ? text.Decode() : pool.Decode(text);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ReadProfile(scoped ref Utf8JsonReader reader)
    {
        if (!JsonFields.IsObject(ref reader, "profile")) return;
        while (JsonFields.Next(ref reader, out ReadOnlySpan<byte> name))
        {
            if (name.SequenceEqual("login"u8)) Login = JsonFields.Text(ref reader, "profile.login");
            else if (name.SequenceEqual("email"u8)) Email = JsonFields.Text(ref reader, "profile.email");
            else if (name.SequenceEqual("firstName"u8)) FirstName = JsonFields.Text(ref reader, "profile.firstName");
            else if (name.SequenceEqual("lastName"u8)) LastName = JsonFields.Text(ref reader, "profile.lastName");
            else if (name.SequenceEqual("displayName"u8)) DisplayName = JsonFields.Text(ref reader, "profile.displayName");
            else if (name.SequenceEqual("department"u8)) Department = JsonFields.Text(ref reader, "profile.department");
            else if (name.SequenceEqual("preferredLanguage"u8)) PreferredLanguage = JsonFields.Text(ref reader, "profile.preferredLanguage");
            else if (name.SequenceEqual("locale"u8)) Locale = JsonFields.Text(ref reader, "profile.locale");
            else if (name.SequenceEqual("timezone"u8)) TimeZone = JsonFields.Text(ref reader, "profile.timezone");
            else if (name.SequenceEqual("countryCode"u8)) CountryCode = JsonFields.Text(ref reader, "profile.countryCode");
            else if (name.SequenceEqual("manager"u8)) Manager = JsonFields.Text(ref reader, "profile.manager");
            else if (name.SequenceEqual("managerId"u8)) ManagerId = JsonFields.Text(ref reader, "profile.managerId");
            else reader.Skip();
        }
    }
}
