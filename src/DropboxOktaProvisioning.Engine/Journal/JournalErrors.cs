using Microsoft.Data.Sqlite;

namespace DropboxOktaProvisioning.Engine.Journal;

/// <summary>Turns the database's errors into problems that name the file and what to do.</summary>
internal static class JournalErrors
{
    // Primary result codes of SQLite.
    private const int Perm = 3, Busy = 5, Locked = 6, ReadOnly = 8, Corrupt = 11, Full = 13, NotADatabase = 26;

    /// <summary>Whether another one only has it for now.</summary>
    public static bool IsBusy(int resultCode) => (resultCode & 0xff) is Busy or Locked;

    /// <summary>The problem behind a result code.</summary>
    public static ProvisioningException From(SqliteException exception, string path) => From(exception.SqliteErrorCode, path, exception);

    /// <summary>The problem behind a result code.</summary>
    public static ProvisioningException From(int resultCode, string path, Exception? inner = null) => (resultCode & 0xff) switch
    {
        Busy or Locked => new(
            ErrorIds.JournalLocked, ProblemCategory.ResourceBusy, $"The journal '{path}' is held by another program.", path,
            "Wait until the other run has ended, or close the program that has the file open, and run again. Nothing was sent without a record.", inner),
        ReadOnly or Perm => new(
            ErrorIds.JournalReadOnly, ProblemCategory.PermissionDenied, $"The journal '{path}' cannot be written.", path,
            "Give this account the right to write the file and its folder, or name another file with -Journal.", inner),
        Full => new(
            ErrorIds.JournalFull, ProblemCategory.ResourceUnavailable, $"The disk that holds the journal '{path}' is full.", path,
            "Free space on that disk and run again. Who may already have been told is shown as Unknown and not told again.", inner),
        Corrupt or NotADatabase => NotAJournal(path, "is damaged, or is not a journal", inner),
        _ => Unavailable(path, inner?.Message ?? "The database gave no reason.", inner),
    };

    /// <summary>The file is there and is not a journal that can be trusted.</summary>
    public static ProvisioningException NotAJournal(string path, string what, Exception? inner = null) => new(
        ErrorIds.JournalCorrupt, ProblemCategory.InvalidData, $"The file '{path}' {what}.", path,
        "Restore the journal from a backup. Without it nobody can tell who was told already; a new journal starts from nobody.", inner);

    /// <summary>A later version of the module wrote the file.</summary>
    public static ProvisioningException TooNew(string path, int version, int known) => new(
        ErrorIds.JournalTooNew, ProblemCategory.InvalidData,
        $"The journal '{path}' has version {version}; this module knows versions up to {known}.", path,
        "Update the module on this machine to the version that wrote the journal.");

    /// <summary>The file cannot be opened or created.</summary>
    public static ProvisioningException Unavailable(string path, string why, Exception? inner) => new(
        ErrorIds.JournalUnavailable, ProblemCategory.ResourceUnavailable, $"The journal '{path}' cannot be opened: {why}", path,
        "Check that the folder exists and that this account may write there, or name another file with -Journal.", inner);
}
