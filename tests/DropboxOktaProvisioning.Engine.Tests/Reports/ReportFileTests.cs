using System.Text;
using System.Text.Json;
using CsCheck;
using DropboxOktaProvisioning.Engine.Reports;
using static DropboxOktaProvisioning.Engine.Tests.Reports.ReportFixture;

namespace DropboxOktaProvisioning.Engine.Tests.Reports;

/// <summary>The action plan, the JSON, and how files come into being.</summary>
public sealed class ReportFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("reports-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void No_cell_begins_a_formula_and_one_apostrophe_less_is_what_was_there() => Text.Sample(text =>
    {
        var cell = ActionPlan.Harmless(text);
        return (cell.Length == 0 || !"=+-@\t\r\n＝＋－＠".Contains(cell[0], StringComparison.Ordinal)) && (cell.StartsWith('\'') ? cell[1..] : cell) == text;
    });

    [Fact]
    public async Task The_plan_holds_those_for_whom_something_is_to_do_and_reads_back() => await People.SampleAsync(async people =>
    {
        using var stream = new MemoryStream();
        await ActionPlan.WriteAsync(stream, people, default);
        Assert.Equal(Encoding.UTF8.Preamble.ToArray(), stream.ToArray()[..3]);
        stream.Position = 0;
        using var csv = new CsvHelper.CsvParser(new StreamReader(stream), new CsvHelper.Configuration.CsvConfiguration(System.Globalization.CultureInfo.InvariantCulture));
        Assert.True(csv.Read());
        Assert.Equal("Email", csv[0]);
        var read = new List<string>();
        while (csv.Read())
        {
            Assert.Equal(12, csv.Count);
            Assert.All(csv.Record!, cell => Assert.True(cell.Length == 0 || !"=+-@\t\r\n".Contains(cell[0], StringComparison.Ordinal), cell));
            read.Add(string.Join('|', csv.Record![..3].Select(cell => cell.StartsWith('\'') ? cell[1..] : cell)));
        }

        var expected = people.Where(person => person.NextAction is not NextAction.None).OrderBy(person => person.NextAction).ThenBy(person => person.Email, StringComparer.OrdinalIgnoreCase);
        Assert.Equal(expected.Select(person => Storable($"{person.Email}|{person.Name}|{person.Department}")), read);
    }, iter: 300);

    [Fact]
    public async Task The_json_reads_back_to_the_same_report() => await People.SampleAsync(async people =>
    {
        var report = Report(people) with { Team = "Contoso" };
        var read = JsonDocument.Parse(await TextAsync(stream => JsonReport.WriteAsync(stream, report, default))).RootElement;
        Assert.Equal(report.Progress.Assigned, read.GetProperty("Progress").GetProperty("Assigned").GetInt32());
        Assert.Equal(report.Obstacles.Select(obstacle => (obstacle.Stage.ToString(), Storable(obstacle.Reason), obstacle.People)), read.GetProperty("Obstacles").EnumerateArray()
            .Select(obstacle => (obstacle.GetProperty("Stage").GetString()!, obstacle.GetProperty("Reason").GetString()!, obstacle.GetProperty("People").GetInt32())));
        Assert.Equal(report.People.Select(person => (Storable(person.Email), person.Stage.ToString(), person.DaysWaiting)), read.GetProperty("People").EnumerateArray()
            .Select(person => (person.GetProperty("Email").GetString()!, person.GetProperty("Stage").GetString()!, person.GetProperty("DaysWaiting").ValueKind is JsonValueKind.Null ? (int?)null : person.GetProperty("DaysWaiting").GetInt32())));
    }, iter: 300);

    [Fact]
    public async Task A_file_appears_whole_for_its_owner_alone_or_not_at_all()
    {
        var path = Path.Combine(_folder, "report.html");
        await WholeFile.WriteAsync(path, overwrite: false, (stream, cancel) => stream.WriteAsync("first"u8.ToArray(), cancel).AsTask(), default);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));

        var refused = await Assert.ThrowsAsync<ProvisioningException>(() => WholeFile.WriteAsync(path, overwrite: false, (_, _) => throw new InvalidOperationException("was begun"), default));
        Assert.Equal(ErrorIds.ReportExists, refused.ErrorId);
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => WholeFile.WriteAsync(path, overwrite: true, async (stream, cancel) =>
        {
            await stream.WriteAsync("half"u8.ToArray(), cancel);
            await stop.CancelAsync();
            cancel.ThrowIfCancellationRequested();
        }, stop.Token));
        Assert.Equal("first", await File.ReadAllTextAsync(path));
        Assert.Equal([path], Directory.GetFiles(_folder)); // nothing half is left behind

        await WholeFile.WriteAsync(path, overwrite: true, (stream, cancel) => stream.WriteAsync("second"u8.ToArray(), cancel).AsTask(), default);
        Assert.Equal("second", await File.ReadAllTextAsync(path));
        Assert.Equal(ErrorIds.ReportNotWritten, (await Assert.ThrowsAsync<ProvisioningException>(
            () => WholeFile.WriteAsync(Path.Combine(_folder, "not-there", "report.html"), false, (_, _) => Task.CompletedTask, default))).ErrorId);
    }
}
