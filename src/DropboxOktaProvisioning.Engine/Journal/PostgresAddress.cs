using System.Data.Common;
using Npgsql;

namespace DropboxOktaProvisioning.Engine.Journal;

/// <summary>Which PostgreSQL database holds a journal. Shows as host and database; the password never shows.</summary>
internal sealed class PostgresAddress
{
    private PostgresAddress(NpgsqlConnectionStringBuilder builder)
    {
        // One connection for the run; what it did is on the medium, whatever the server's default is.
        builder.Pooling = false;
        builder.MaxAutoPrepare = 32;
        builder.SearchPath = PostgresSchema.Name;
        builder.Options = string.Join(' ', new[] { builder.Options, "-c synchronous_commit=on" }.Where(option => !string.IsNullOrEmpty(option)));
        builder.ApplicationName ??= "DropboxOktaProvisioning";
        builder.IncludeErrorDetail = false;
        ConnectionString = builder.ConnectionString;
        Name = $"{builder.Host}/{builder.Database ?? builder.Username}";
    }

    /// <summary>All that is needed to connect.</summary>
    public string ConnectionString { get; }

    /// <summary>Host and database.</summary>
    public string Name { get; }

    /// <summary>Whether the text names a database and not a file: an address of the kind postgresql:, or a connection string with a host.</summary>
    public static bool IsOne(string text) => IsUri(text) || Parse(text)?.Keys.Cast<string>().Any(key => key is "host" or "server") == true;

    /// <summary>Reads an address or a connection string.</summary>
    /// <exception cref="ProvisioningException">It cannot be used (JournalUnavailable).</exception>
    public static PostgresAddress Of(string text)
    {
        try
        {
            return new PostgresAddress(IsUri(text) ? FromUri(new Uri(text)) : new NpgsqlConnectionStringBuilder(text));
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            // Their words may quote what stands in the text.
            throw PostgresErrors.NotUsable("a part of it is not known, or has no value that fits.");
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static bool IsUri(string text) =>
        text.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase);

    private static DbConnectionStringBuilder? Parse(string text)
    {
        try
        {
            return new DbConnectionStringBuilder { ConnectionString = text };
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static NpgsqlConnectionStringBuilder FromUri(Uri uri)
    {
        if (uri.Host.Length == 0) throw new FormatException("It has no host.");
        var user = uri.UserInfo.Split(':', 2);
        var builder = new NpgsqlConnectionStringBuilder { Host = uri.Host };
        if (!uri.IsDefaultPort) builder.Port = uri.Port;
        if (uri.AbsolutePath.Length > 1) builder.Database = Uri.UnescapeDataString(uri.AbsolutePath[1..]);
        if (user[0].Length > 0) builder.Username = Uri.UnescapeDataString(user[0]);
        if (user.Length == 2) builder.Password = Uri.UnescapeDataString(user[1]);
        foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = pair.Split('=', 2) is [var key, var text] ? (key, text) : (pair, "");
            // libpq writes sslmode=verify-full; Npgsql wants VerifyFull.
            builder[name.Equals("sslmode", StringComparison.OrdinalIgnoreCase) ? "SSL Mode" : Uri.UnescapeDataString(name)] =
                Uri.UnescapeDataString(value).Replace("verify-", "verify", StringComparison.OrdinalIgnoreCase);
        }

        return builder;
    }
}
