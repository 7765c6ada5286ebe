using System.Globalization;
using Microsoft.Data.Sqlite;

namespace DropboxOktaProvisioning.Engine.Journal;

/// <summary>The journal's tables and the numbered steps that lead to them.</summary>
internal static class SqliteSchema
{
    /// <summary>Marks the file as ours (<c>PRAGMA application_id</c>, "DOPJ"), so that no other program's database is changed.</summary>
    public const int ApplicationId = 0x444F504A;

    // A person is known by any of several keys (Okta id, member id, address), so the keys stand in a table of their own: its primary
    // key is what makes two claims on one person impossible.
    private const string Version1 = """
        CREATE TABLE notices (
            seq INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            team_id TEXT NOT NULL,
            kind TEXT NOT NULL,
            email TEXT NOT NULL,
            name TEXT,
            okta_user_id TEXT,
            team_member_id TEXT,
            stage TEXT NOT NULL,
            personal_account TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('Sending', 'Sent', 'Failed', 'Unknown', 'Skipped')),
            reason TEXT NOT NULL,
            subject TEXT NOT NULL,
            transport TEXT NOT NULL,
            message_id TEXT,
            attempts INTEGER NOT NULL,
            intended_on TEXT NOT NULL,
            sent_on TEXT,
            host TEXT NOT NULL,
            process_id INTEGER NOT NULL,
            process_started_on TEXT NOT NULL
        );
        CREATE INDEX notices_newest ON notices (intended_on DESC, seq DESC);
        CREATE INDEX notices_open ON notices (state) WHERE state = 'Sending';
        CREATE TABLE recipients (
            kind TEXT NOT NULL,
            key TEXT NOT NULL,
            team_id TEXT NOT NULL,
            notice INTEGER NOT NULL REFERENCES notices (seq),
            PRIMARY KEY (kind, key, team_id)
        ) WITHOUT ROWID;
        CREATE INDEX recipients_notice ON recipients (notice);
        CREATE TABLE history (
            seq INTEGER PRIMARY KEY,
            notice_id TEXT NOT NULL,
            changed_on TEXT NOT NULL,
            from_state TEXT,
            to_state TEXT NOT NULL,
            reason TEXT NOT NULL,
            host TEXT NOT NULL,
            process_id INTEGER NOT NULL
        );
        CREATE TRIGGER history_is_not_changed BEFORE UPDATE ON history BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
        CREATE TRIGGER history_is_not_deleted BEFORE DELETE ON history BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
        """;

    private const string Version2 = """
        CREATE TABLE statements (
            seq INTEGER PRIMARY KEY,
            team_id TEXT NOT NULL,
            topic TEXT NOT NULL,
            value TEXT NOT NULL,
            stated_by TEXT NOT NULL,
            stated_on TEXT NOT NULL
        );
        CREATE INDEX statements_team ON statements (team_id, stated_on DESC);
        """;

    // When a mail was handed over: a claim whose mail never was surely did not leave. What an earlier version began may have left.
    private const string Version3 = """
        ALTER TABLE notices ADD COLUMN handed_on TEXT;
        UPDATE notices SET handed_on = intended_on;
        """;

    // Who sent it, so that a sender's limit holds over all runs. What a service only took on is kept as Sent beside a mark: it counts as told.
    private const string Version4 = """
        ALTER TABLE notices ADD COLUMN sender TEXT;
        ALTER TABLE notices ADD COLUMN is_accepted INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX notices_sender ON notices (sender, handed_on, state) WHERE handed_on IS NOT NULL;
        """;

    private const string Version5 = """
        CREATE TABLE observations (
            seq INTEGER PRIMARY KEY,
            team_id TEXT NOT NULL,
            observed_on TEXT NOT NULL,
            everyone INTEGER NOT NULL,
            assigned INTEGER NOT NULL,
            provisioned INTEGER NOT NULL,
            told INTEGER NOT NULL,
            active INTEGER NOT NULL,
            stuck INTEGER NOT NULL,
            changes BLOB NOT NULL
        );
        CREATE INDEX observations_team ON observations (team_id, seq);
        CREATE TABLE observed_people (team_id TEXT NOT NULL PRIMARY KEY, people BLOB NOT NULL);
        """;

    // What the processes of one machine have taken of a service's rate windows; times are Unix milliseconds.
    private const string Version6 = """
        CREATE TABLE budgets (
            owner TEXT NOT NULL,
            bucket TEXT NOT NULL,
            requests INTEGER,
            resets INTEGER,
            told INTEGER NOT NULL,
            ends INTEGER NOT NULL,
            taken INTEGER NOT NULL,
            carried INTEGER NOT NULL,
            closed INTEGER NOT NULL,
            PRIMARY KEY (owner, bucket)
        ) WITHOUT ROWID;
        """;

    // Who works on a scope now: one run at a time.
    private const string Version7 = """
        CREATE TABLE runs (
            scope TEXT PRIMARY KEY,
            id TEXT NOT NULL,
            host TEXT NOT NULL,
            process_id INTEGER NOT NULL,
            process_started_on TEXT NOT NULL,
            began_on TEXT NOT NULL,
            ends_on TEXT NOT NULL
        ) WITHOUT ROWID;
        """;

    // Which reminder it is, until when it waits, and whom a mail to somebody else is about.
    private const string Version8 = """
        ALTER TABLE notices ADD COLUMN step INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE notices ADD COLUMN not_before TEXT;
        ALTER TABLE notices ADD COLUMN about TEXT;
        """;

    // The last reading of everybody: packed and compressed lists, with what is known about them.
    private const string Version9 = """
        CREATE TABLE readings (
            team_id TEXT NOT NULL,
            org TEXT NOT NULL,
            app_id TEXT NOT NULL,
            state TEXT NOT NULL,
            seal TEXT NOT NULL,
            digest TEXT NOT NULL,
            content BLOB NOT NULL,
            PRIMARY KEY (team_id, org, app_id)
        );
        """;

    // A run of an earlier version that is still going would claim the person's slot of a reminder, which nobody looks at any more.
    private static readonly string Version10 = OneEscalation("strftime('%Y-%m-%dT%H:%M:%fZ', 'now')") + """

        CREATE TRIGGER recipients_are_of_this_version BEFORE INSERT ON recipients WHEN NEW.kind LIKE 'ManagerEscalation %'
        BEGIN SELECT RAISE(ABORT, 'written by an earlier version of the module'); END;
        """;

    /// <summary>Indexes that are cheaper to write: the newest notice at the end, and senders without the state, which changes with each mail.</summary>
    public const string Version11 = """
        DROP INDEX notices_newest;
        CREATE INDEX notices_newest ON notices (intended_on, seq);
        DROP INDEX notices_sender;
        CREATE INDEX notices_sender ON notices (sender, handed_on) WHERE handed_on IS NOT NULL;
        """;

    /// <summary>The version from which on admins' statements are kept.</summary>
    public const int WithStatements = 2;

    /// <summary>The version from which on the handing over is noted.</summary>
    public const int WithHandover = 3;

    /// <summary>The version from which on the sender is noted, and what a service only took on.</summary>
    public const int WithSender = 4;

    /// <summary>The version from which on looks at a team are kept.</summary>
    public const int WithObservations = 5;

    /// <summary>The version from which on there are reminders, and notices that wait.</summary>
    public const int WithManners = 8;

    /// <summary>The version from which on a reading of everybody may be kept.</summary>
    public const int WithReadings = 9;

    /// <summary>The version from which on there is one mail to a manager about a person, whichever reminder it followed.</summary>
    public const int WithOneEscalation = 10;

    /// <summary>The steps; the n-th leads to version n.</summary>
    public static IReadOnlyList<string> Steps { get; } = [Version1, Version2, Version3, Version4, Version5, Version6, Version7, Version8, Version9, Version10, Version11];

    /// <summary>A manager is told of a person once, and not once for each last reminder: what went furthest has the person's keys. What waited without them would wait for good.</summary>
    /// <param name="now">The moment, in the database's own words.</param>
    public static string OneEscalation(string now)
    {
        const string outdone = """
            n.state = 'Failed' AND n.not_before IS NOT NULL AND EXISTS (SELECT 1 FROM recipients r WHERE r.notice = n.seq AND r.kind LIKE 'ManagerEscalation %')
                AND NOT EXISTS (SELECT 1 FROM recipients r WHERE r.notice = n.seq AND r.kind = 'ManagerEscalation')
            """;
        return $"""
            INSERT INTO recipients (kind, key, team_id, notice)
            SELECT 'ManagerEscalation', r.key, r.team_id, r.notice FROM recipients r JOIN notices n ON n.seq = r.notice
            WHERE r.kind LIKE 'ManagerEscalation %'
            ORDER BY CASE n.state WHEN 'Sent' THEN 0 WHEN 'Sending' THEN 1 WHEN 'Unknown' THEN 2 ELSE 3 END, n.seq
            ON CONFLICT DO NOTHING;
            INSERT INTO history (notice_id, changed_on, from_state, to_state, reason, host, process_id)
            SELECT n.id, {now}, 'Waiting', 'Skipped', 'The same person has the notice ' || w.id || '.', n.host, n.process_id
            FROM notices n JOIN notices w ON w.seq = (
                SELECT min(theirs.notice) FROM recipients ours JOIN recipients theirs ON theirs.key = ours.key AND theirs.team_id = ours.team_id
                WHERE ours.notice = n.seq AND ours.kind LIKE 'ManagerEscalation %' AND theirs.kind = 'ManagerEscalation')
            WHERE {outdone}
            ORDER BY n.seq;
            UPDATE notices AS n SET state = 'Skipped', not_before = NULL, reason = (SELECT h.reason FROM history h WHERE h.notice_id = n.id ORDER BY h.seq DESC LIMIT 1)
            WHERE {outdone};
            DELETE FROM recipients WHERE kind LIKE 'ManagerEscalation %';
            """;
    }

    /// <summary>The steps of a file that holds budgets alone.</summary>
    public static IReadOnlyList<string> BudgetSteps { get; } = [Version6];

    /// <summary>The version that this program writes.</summary>
    public static int Current => Steps.Count;

    /// <summary>The version of an open database, 0 when it is empty.</summary>
    public static int VersionOf(SqliteConnection connection) => Number(connection, "PRAGMA user_version");

    /// <summary>Whether the database is ours, or empty and so may become ours.</summary>
    public static bool IsJournal(SqliteConnection connection) =>
        Number(connection, "PRAGMA application_id") == ApplicationId
        || (VersionOf(connection) == 0 && Number(connection, "SELECT count(*) FROM sqlite_schema") == 0);

    /// <summary>Runs the steps that are missing. The caller holds the write transaction, so that all of them happen or none.</summary>
    public static void Upgrade(SqliteConnection connection, IReadOnlyList<string> steps)
    {
        for (var version = VersionOf(connection); version < steps.Count; version++)
        {
            Execute(connection, steps[version]);
            Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {version + 1}"));
        }

        Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {ApplicationId}"));
    }

    /// <summary>Runs statements that give nothing back.</summary>
    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Runs a statement that gives one number, or one word, back.</summary>
    public static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private static int Number(SqliteConnection connection, string sql) => Convert.ToInt32(Scalar(connection, sql), CultureInfo.InvariantCulture);
}
