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
            session => session.Execute(
                "INSERT INTO statements (team_id, topic, value, stated_by, stated_on) VALUES (@team, @topic, @value, @by, @on)",
                ("@team", teamId), ("@topic", statement.Topic), ("@value", statement.Value), ("@by", statement.By), ("@on", NoticeRow.Time(statement.On))),
            Durability.Flushed, cancellationToken);
    }

    /// <summary>What was stated about a team, newest first.</summary>
    public Task<IReadOnlyList<AdminStatement>> StatementsAsync(string teamId, CancellationToken cancellationToken) => _store.ReadAsync<IReadOnlyList<AdminStatement>>(
        // A journal that is only read is not upgraded.
        session => session.Version < SqliteSchema.WithStatements ? [] : session.Query(
            "SELECT topic, value, stated_by, stated_on FROM statements WHERE team_id = @team ORDER BY stated_on DESC, seq DESC",
            reader => new AdminStatement(
                reader.GetString(0), reader.GetString(1), reader.GetString(2),
                DateTimeOffset.Parse(reader.GetString(3), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal)),
            ("@team", teamId)),
        cancellationToken);
}
