using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace DropboxOktaProvisioning.Engine.Reports;

/// <summary>Everybody as one JSON block for the report's table: a list for each column, and texts that come often only once.</summary>
/// <remarks>No letter stands in it that HTML or JavaScript would act on, so nothing in it can end the block or run. Days are counted from 1970; 0 is none.</remarks>
internal static class PeopleColumns
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All), SkipValidation = true };

    /// <summary>Writes the block.</summary>
    public static async Task WriteAsync(Stream stream, ActivationReport report, CancellationToken cancel)
    {
        await using var json = new Utf8JsonWriter(stream, Options);
        var people = report.People;
        var obstacles = report.Obstacles.Select((obstacle, i) => (obstacle, i)).ToDictionary(one => (one.obstacle.Stage, one.obstacle.Reason, one.obstacle.NextAction), one => one.i);
        json.WriteStartObject();
        Labels(json, "stages", Enum.GetValues<ProvisioningStage>());
        Labels(json, "actions", Enum.GetValues<NextAction>());
        Labels(json, "likelihoods", Enum.GetValues<PersonalAccountLikelihood>());
        Texts(json, "email", people.Select(person => person.Email));
        Texts(json, "name", people.Select(person => person.Name ?? ""));
        await json.FlushAsync(cancel);
        Often(json, "department", people.Select(person => person.Department?.Trim() ?? ""));
        Often(json, "reason", people.Select(person => person.Reason));
        Often(json, "okta", people.Select(person => person.OktaStatus ?? ""));
        Often(json, "dropbox", people.Select(person => person.DropboxStatus ?? ""));
        await json.FlushAsync(cancel);
        Numbers(json, "stage", people.Select(person => (int)person.Stage));
        Numbers(json, "action", people.Select(person => (int)person.NextAction));
        Numbers(json, "personal", people.Select(person => (int)person.PersonalAccount));
        Numbers(json, "marks", people.Select(MarksOf));
        Numbers(json, "before", report.Before.Select(stage => stage is { } known ? (int)known : -1));
        Numbers(json, "obstacle", people.Select(person => ActivationReport.IsHeldUp(person) ? obstacles[(person.Stage, ActivationReport.Common(person.Reason), person.NextAction)] : -1));
        await json.FlushAsync(cancel);
        Numbers(json, "days", people.Select(person => person.DaysWaiting ?? -1));
        Numbers(json, "told", people.Select(person => Day(person.LastNotice)));
        Numbers(json, "tried", people.Select(person => Day(person.TriedOn)));
        Numbers(json, "invited", people.Select(person => Day(person.InvitedOn)));
        Numbers(json, "joined", people.Select(person => Day(person.JoinedOn)));
        json.WriteEndObject();
        await json.FlushAsync(cancel);
    }

    // The last mark is known of those only whose logs were read; elsewhere joining shows it.
    private static int MarksOf(DropboxUserStatus person)
    {
        var marks = Standing.MarksOf(person);
        var tried = marks.HasFlag(StandingMarks.Provisioned) && (person.TriedOn is not null || person.JoinedOn is not null || person.DropboxStatus is "active");
        return (int)marks | (tried ? 32 : 0);
    }

    private static void Labels<T>(Utf8JsonWriter json, string name, T[] values)
        where T : struct, Enum => Texts(json, name, values.Select(value => Words.Of(value)));

    private static void Texts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static void Numbers(Utf8JsonWriter json, string name, IEnumerable<int> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers) json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    private static void Often(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        Numbers(json, name, texts.Select(text => places.TryGetValue(text, out var place) ? place : places[text] = places.Count));
        Texts(json, name + "s", places.Keys);
    }

    private static int Day(DateTimeOffset? time) => time is { } known ? (int)(known.UtcDateTime - DateTime.UnixEpoch).TotalDays : 0;
}
