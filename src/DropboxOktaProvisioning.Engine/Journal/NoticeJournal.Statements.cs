using System.Globalization;
using DropboxOktaProvisioning.Engine.Readiness;

namespace DropboxOktaProvisioning.Engine.Journal;

/// <content>What admins stated about a team.</content>
public sealed partial class NoticeJournal
{
    /// <summary>Keeps a statement. It is never changed: a later one about the same stands in front of it.</summary>
    public Task StateAsync(string teamId, AdminStatement statement, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(statement);
        return _store.WriteAsync(
            connection =>
            {
                using var command = connection.CreateCommand();
                command.CommandText = "INSERT INTO statements (team_id, topic, value, stated_by, stated_on) VALUES ($team, $topic, $value, $by, $on)";
                command.Parameters.AddWithValue("$team", teamId);
                command.Parameters.AddWithValue("$topic", statement.Topic);
                command.Parameters.AddWithValue("$value", statement.Value);
                command.Parameters.AddWithValue("$by", statement.By);
                command.Parameters.AddWithValue("$on", NoticeRow.Time(statement.On));
                return command.ExecuteNonQuery();
            },
            cancellationToken);
    }

    /// <summary>What was stated about a team, newest first.</summary>
    public Task<IReadOnlyList<AdminStatement>> StatementsAsync(string teamId, CancellationToken cancellationToken) => _store.ReadAsync<IReadOnlyList<AdminStatement>>(
        connection =>
        {
            var statements = new List<AdminStatement>();
            // A journal that is only read is not upgraded.
            if (JournalSchema.VersionOf(connection) < JournalSchema.WithStatements) return statements;
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT topic, value, stated_by, stated_on FROM statements WHERE team_id = $team ORDER BY stated_on DESC, seq DESC";
            command.Parameters.AddWithValue("$team", teamId);
            using var reader = command.ExecuteReader();
            while (reader.Read())
                statements.Add(new AdminStatement(reader.GetString(0), reader.GetString(1), reader.GetString(2), DateTimeOffset.Parse(reader.GetString(3), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal)));
            return statements;
        },
        cancellationToken);
}
