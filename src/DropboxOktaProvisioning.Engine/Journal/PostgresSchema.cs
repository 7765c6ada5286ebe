namespace DropboxOktaProvisioning.Engine.Journal;

/// <summary>The same tables as <see cref="SqliteSchema"/>, in PostgreSQL and in a schema of their own.</summary>
internal static class PostgresSchema
{
    /// <summary>The database schema that holds the tables.</summary>
    public const string Name = "dropbox_okta_provisioning";

    /// <summary>The version that the first step leads to: earlier ones were never in PostgreSQL.</summary>
    public const int First = 3;

    private const string Version3 = """
        CREATE TABLE notices (
            seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
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
            intended_on TEXT COLLATE "C" NOT NULL,
            sent_on TEXT COLLATE "C",
            host TEXT NOT NULL,
            process_id INTEGER NOT NULL,
            process_started_on TEXT NOT NULL,
            handed_on TEXT COLLATE "C"
        );
        CREATE INDEX notices_newest ON notices (intended_on DESC, seq DESC);
        CREATE INDEX notices_open ON notices (state) WHERE state = 'Sending';
        CREATE TABLE recipients (
            kind TEXT NOT NULL,
            key TEXT NOT NULL,
            team_id TEXT NOT NULL,
            notice BIGINT NOT NULL REFERENCES notices (seq),
            PRIMARY KEY (kind, key, team_id)
        );
        CREATE INDEX recipients_notice ON recipients (notice);
        CREATE TABLE history (
            seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            notice_id TEXT NOT NULL,
            changed_on TEXT COLLATE "C" NOT NULL,
            from_state TEXT,
            to_state TEXT NOT NULL,
            reason TEXT NOT NULL,
            host TEXT NOT NULL,
            process_id INTEGER NOT NULL
        );
        CREATE INDEX history_changed ON history (changed_on);
        CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'history is append-only'; END $$;
        CREATE TRIGGER history_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON history EXECUTE FUNCTION refuse_change();
        CREATE TABLE statements (
            seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            team_id TEXT NOT NULL,
            topic TEXT NOT NULL,
            value TEXT NOT NULL,
            stated_by TEXT NOT NULL,
            stated_on TEXT COLLATE "C" NOT NULL
        );
        CREATE INDEX statements_team ON statements (team_id, stated_on DESC);
        CREATE TABLE journal_version (version INTEGER NOT NULL);
        INSERT INTO journal_version VALUES (3);
        """;

    private const string Version4 = """
        ALTER TABLE notices ADD COLUMN sender TEXT;
        ALTER TABLE notices ADD COLUMN is_accepted INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX notices_sender ON notices (sender, handed_on, state) WHERE handed_on IS NOT NULL;
        """;

    private const string Version5 = """
        CREATE TABLE observations (
            seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            team_id TEXT NOT NULL,
            observed_on TEXT COLLATE "C" NOT NULL,
            everyone INTEGER NOT NULL,
            assigned INTEGER NOT NULL,
            provisioned INTEGER NOT NULL,
            told INTEGER NOT NULL,
            active INTEGER NOT NULL,
            stuck INTEGER NOT NULL,
            changes BYTEA NOT NULL
        );
        CREATE INDEX observations_team ON observations (team_id, seq);
        CREATE TABLE observed_people (team_id TEXT NOT NULL PRIMARY KEY, people BYTEA NOT NULL);
        """;

    private const string Version6 = """
        CREATE TABLE budgets (
            owner TEXT NOT NULL,
            bucket TEXT NOT NULL,
            requests BIGINT,
            resets BIGINT,
            told BIGINT NOT NULL,
            ends BIGINT NOT NULL,
            taken BIGINT NOT NULL,
            carried BIGINT NOT NULL,
            closed BIGINT NOT NULL,
            PRIMARY KEY (owner, bucket)
        );
        """;

    private const string Version7 = """
        CREATE TABLE runs (
            scope TEXT PRIMARY KEY,
            id TEXT NOT NULL,
            host TEXT NOT NULL,
            process_id INTEGER NOT NULL,
            process_started_on TEXT NOT NULL,
            began_on TEXT NOT NULL,
            ends_on TEXT NOT NULL
        );
        """;

    private const string Version8 = """
        ALTER TABLE notices ADD COLUMN step INTEGER NOT NULL DEFAULT 0, ADD COLUMN not_before TEXT COLLATE "C", ADD COLUMN about TEXT;
        """;

    private const string Version9 = """
        CREATE TABLE readings (
            team_id TEXT NOT NULL,
            org TEXT NOT NULL,
            app_id TEXT NOT NULL,
            state TEXT NOT NULL,
            seal TEXT NOT NULL,
            digest TEXT NOT NULL,
            content BYTEA NOT NULL,
            PRIMARY KEY (team_id, org, app_id)
        );
        """;

    // As in the file, a run of an earlier version that is still going must not claim a slot that nobody looks at any more.
    private static readonly string Version10 = SqliteSchema.OneEscalation("""to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')""") + """

        ALTER TABLE recipients ADD CONSTRAINT written_by_this_version CHECK (kind NOT LIKE 'ManagerEscalation %');
        """;

    /// <summary>The version that this program writes; the same as the file's.</summary>
    public static int Current => First + Steps.Count - 1;

    /// <summary>The steps; the first one leads to version <see cref="First"/>.</summary>
    public static IReadOnlyList<string> Steps { get; } = [Version3, Version4, Version5, Version6, Version7, Version8, Version9, Version10, SqliteSchema.Version11];

    /// <summary>The version of the database, 0 where there is no journal.</summary>
    public static int VersionOf(JournalSession session) =>
        Exists(session) ? (int)session.Scalar($"SELECT version FROM {Name}.journal_version")! : 0;

    // Asked of the tables and not by to_regclass, whose cache may be older than the wait for the upgrade's lock.
    private static bool Exists(JournalSession session) => session.Scalar(
        "SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = @schema AND c.relname = 'journal_version'", ("@schema", Name)) is not null;

    /// <summary>Runs the steps that are missing, in the caller's transaction.</summary>
    public static void Upgrade(JournalSession session)
    {
        // Two workers may come first at once; the lock ends with the transaction.
        session.Scalar("SELECT pg_advisory_xact_lock(1146047562)");
        var version = VersionOf(session);
        if (version == 0) session.Execute($"CREATE SCHEMA IF NOT EXISTS {Name}");
        foreach (var step in Steps.Skip(version == 0 ? 0 : version - First + 1)) session.Execute(step);
        session.Execute("UPDATE journal_version SET version = @version", ("@version", Current));
    }
}
