using Npgsql;

namespace DropboxOktaProvisioning.Engine.Journal;

/// <summary>Turns PostgreSQL's errors into problems that name the database and what to do; never the connection string, which may hold a password.</summary>
internal static class PostgresErrors
{
    /// <summary>Whether the same work may simply be done again: another transaction was first, or both waited for each other.</summary>
    public static bool IsConflict(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected };

    /// <summary>The problem behind an exception.</summary>
    public static ProvisioningException From(NpgsqlException exception, string name) => exception is not PostgresException said
        ? Unavailable(name, exception.InnerException is { } inner ? $"{exception.Message} {inner.Message}" : exception.Message)
        : said.SqlState switch
        {
            PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.ReadOnlySqlTransaction => new(
                ErrorIds.JournalReadOnly, ProblemCategory.PermissionDenied, $"The journal in {name} cannot be written: {said.MessageText}", name,
                $"Give this account the right to create and write the schema {PostgresSchema.Name}."),
            PostgresErrorCodes.DiskFull => new(
                ErrorIds.JournalFull, ProblemCategory.ResourceUnavailable, $"The disk that holds the journal in {name} is full.", name,
                "Free space on the database's disk and run again. Who may already have been told is shown as Unknown and not told again."),
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => new(
                ErrorIds.JournalUnavailable, ProblemCategory.AuthenticationError, $"The journal's database {name} refuses the sign-in: {said.MessageText}", name,
                "Check the user and the password, or where the password is kept (PGPASSWORD, PGPASSFILE)."),
            _ when IsConflict(exception) => Busy(name),
            _ => Unavailable(name, said.MessageText),
        };

    /// <summary>Others were first, again and again.</summary>
    public static ProvisioningException Busy(string name) => new(
        ErrorIds.JournalLocked, ProblemCategory.ResourceBusy, $"The journal in {name} is in use by too many at once.", name,
        "Run fewer workers at once, and run again. Nothing was sent without a record.");

    /// <summary>A later version of the module wrote the journal.</summary>
    public static ProvisioningException TooNew(string name, int version) => new(
        ErrorIds.JournalTooNew, ProblemCategory.InvalidData,
        $"The journal in {name} has version {version}; this module knows versions up to {PostgresSchema.Current}.", name,
        "Update the module on this machine to the version that wrote the journal.");

    /// <summary>The text cannot be used as a connection string.</summary>
    public static ProvisioningException NotUsable(string why) => new(
        ErrorIds.JournalUnavailable, ProblemCategory.InvalidArgument, $"The journal's connection string cannot be used: {why}", null,
        "Give it as 'Host=db.contoso.example;Database=provisioning;Username=runbook', or as postgresql://runbook@db.contoso.example/provisioning.");

    private static ProvisioningException Unavailable(string name, string why) => new(
        ErrorIds.JournalUnavailable, ProblemCategory.ResourceUnavailable, $"The journal in {name} cannot be used: {why}", name,
        "Check that the database runs and can be reached from here, and run again. Who may already have been told is shown as Unknown and not told again.");
}
