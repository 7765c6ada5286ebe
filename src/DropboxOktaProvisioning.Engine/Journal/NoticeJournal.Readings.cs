using DropboxOktaProvisioning.Engine.Refresh;

namespace DropboxOktaProvisioning.Engine.Journal;

/// <summary>A reading as the journal keeps it.</summary>
/// <param name="State">What is known about it.</param>
/// <param name="Seal">The digest of that.</param>
/// <param name="Content">The two lists.</param>
internal sealed record StoredReading(string State, string Seal, byte[] Content);

/// <content>The last reading of everybody, one for a team, an org and an app.</content>
public sealed partial class NoticeJournal
{
    private const string OfKey = "WHERE team_id = @team AND org = @org AND app_id = @app";

    /// <summary>What is kept; null for nothing.</summary>
    internal Task<StoredReading?> FindReadingAsync(ReadingKey key, CancellationToken cancellationToken) => _store.ReadAsync(
        // A journal that is only read is not upgraded.
        session => session.Version < SqliteSchema.WithReadings ? null : session.Query(
            $"SELECT state, seal, content FROM readings {OfKey}",
            reader => new StoredReading(reader.GetString(0), reader.GetString(1), reader.GetFieldValue<byte[]>(2)), Values(key)).SingleOrDefault(),
        cancellationToken);

    /// <summary>Keeps a reading in the place of the one before.</summary>
    internal Task KeepReadingAsync(ReadingKey key, StoredReading reading, string digest, CancellationToken cancellationToken) => _store.WriteAsync(
        session => session.Execute(
            """
            INSERT INTO readings (team_id, org, app_id, state, seal, digest, content) VALUES (@team, @org, @app, @state, @seal, @digest, @content)
            ON CONFLICT (team_id, org, app_id) DO UPDATE SET state = excluded.state, seal = excluded.seal, digest = excluded.digest, content = excluded.content
            """,
            [.. Values(key), ("@state", reading.State), ("@seal", reading.Seal), ("@digest", digest), ("@content", reading.Content)]),
        Durability.Flushed, cancellationToken);

    /// <summary>Keeps what is known anew about lists that stayed as they are; where another run has put others in their place, nothing.</summary>
    internal Task MoveReadingAsync(ReadingKey key, string state, string seal, string digest, CancellationToken cancellationToken) => _store.WriteAsync(
        session => session.Execute(
            $"UPDATE readings SET state = @state, seal = @seal {OfKey} AND digest = @digest",
            [.. Values(key), ("@state", state), ("@seal", seal), ("@digest", digest)]),
        Durability.Flushed, cancellationToken);

    /// <summary>Whether anything is kept.</summary>
    internal Task<bool> HasReadingsAsync(CancellationToken cancellationToken) => _store.ReadAsync(
        session => session.Version >= SqliteSchema.WithReadings && session.Scalar("SELECT 1 FROM readings") is not null, cancellationToken);

    /// <summary>Deletes what is kept of a team, whichever the org and the app.</summary>
    internal Task ForgetReadingsAsync(string teamId, CancellationToken cancellationToken) => _store.WriteAsync(
        session => session.Execute("DELETE FROM readings WHERE team_id = @team", ("@team", teamId)), Durability.Flushed, cancellationToken);

    /// <summary>The journal's name, if it began empty when it was opened.</summary>
    internal string? NewFile => _store.NewFile;

    private static (string Name, object? Value)[] Values(ReadingKey key) => [("@team", key.TeamId), ("@org", key.Org), ("@app", key.AppId)];
}
