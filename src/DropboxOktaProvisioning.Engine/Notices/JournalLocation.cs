using DropboxOktaProvisioning.Engine.Journal;

namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>Where the journal is; opened only when it is needed, so that a plan creates nothing.</summary>
public sealed class JournalLocation
{
    private readonly JournalSettings _settings;

    private JournalLocation(JournalSettings settings) => _settings = settings;

    /// <summary>The file of this user.</summary>
    public static JournalLocation Default => File(NoticeJournal.DefaultPath);

    /// <summary>A file.</summary>
    public static JournalLocation File(string path) => new(NoticeJournal.AtPath(path));

    /// <summary>In memory, for a rehearsal: lives while somebody has it open.</summary>
    public static JournalLocation InMemory(string name) => new(new JournalSettings { Path = name, InMemory = true });

    /// <summary>Opens it for reading; creates nothing.</summary>
    /// <exception cref="ProvisioningException">As for <see cref="NoticeJournal.OpenReadOnlyAsync"/>.</exception>
    public Task<NoticeJournal> OpenReadOnlyAsync(TimeProvider time, CancellationToken cancellationToken) =>
        NoticeJournal.OpenAsync(_settings with { ReadOnly = true }, time, ProcessProbe.Instance, cancellationToken);

    /// <summary>Opens it for writing, and creates it where it is not there.</summary>
    /// <exception cref="ProvisioningException">As for <see cref="NoticeJournal.OpenAsync(string, TimeProvider, CancellationToken)"/>.</exception>
    public Task<NoticeJournal> OpenAsync(TimeProvider time, CancellationToken cancellationToken) =>
        NoticeJournal.OpenAsync(_settings, time, ProcessProbe.Instance, cancellationToken);
}
