using System.Globalization;
using System.Text.Json.Nodes;
using CsCheck;
using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Okta;

namespace DropboxOktaProvisioning.Engine.Tests.Http;

/// <summary>Lists under faults: the same rows as without, or one error; never fewer rows.</summary>
public sealed class FaultTests
{
    private const int Pages = 4;
    private const int MaxRetries = 3;
    private static readonly string[] People = [.. Enumerable.Range(0, Pages).SelectMany(page => new[] { $"p{page}a@contoso.example", $"p{page}b@contoso.example" })];

    public enum Fault
    {
        None,
        RateLimit,
        TooManyAtOnce,
        ServerError,
        Reset,
        CutBody,
        BrokenBody,
    }

    public static IEnumerable<object[]> EveryFaultAtEveryPage =>
        Enum.GetValues<Fault>().SelectMany(_ => Enumerable.Range(0, Pages), (fault, page) => new object[] { fault, page });

    [Theory]
    [MemberData(nameof(EveryFaultAtEveryPage))]
    public async Task One_fault_at_any_page_changes_nothing(Fault fault, int page)
    {
        Fault[][] faults = [.. Enumerable.Range(0, Pages).Select(p => p == page ? new[] { fault } : [])];

        (List<string> okta, bool oktaFailed) = await ReadOktaAsync(faults);
        (List<string> dropbox, bool dropboxFailed) = await ReadDropboxAsync(faults);

        Assert.False(oktaFailed || dropboxFailed);
        Assert.Equal(People, okta);
        Assert.Equal(People, dropbox);
    }

    [Fact]
    public async Task Any_faults_give_every_row_or_an_error() =>
        await Gen.Enum<Fault>().Array[0, MaxRetries + 2].Array[Pages].SampleAsync(async faults =>
        {
            // A fault of kind None is an answer, so what stands behind it is never met.
            bool tooMany = faults.Any(page => page.TakeWhile(f => f != Fault.None).Count() > MaxRetries);
            foreach ((List<string> people, bool failed) in new[] { await ReadOktaAsync(faults), await ReadDropboxAsync(faults) })
            {
                if (failed != tooMany || (!failed && !people.SequenceEqual(People)) || !People.Take(people.Count).SequenceEqual(people)) return false;
            }

            return true;
        }, iter: 60);

    private static async Task<(List<string> People, bool Failed)> ReadOktaAsync(Fault[][] faults)
    {
        var rig = new Rig();
        using OktaClient client = await rig.OktaAsync(rig.Options with { Retry = new RetryOptions { MaxRetries = MaxRetries } });
        var world = new FaultyWorld(faults);
        rig.Network.Otherwise = _ =>
        {
            string query = rig.Network.Requests[^1].Address.Query;
            int at = query.IndexOf("after=", StringComparison.Ordinal);
            int page = at < 0 ? 0 : int.Parse(query.AsSpan(at + 6), CultureInfo.InvariantCulture);
            string rows = string.Join(',', People.Skip(page * 2).Take(2).Select((p, i) => $$$"""{"id":"00u{{{page}}}{{{i}}}","profile":{"email":"{{{p}}}"}}"""));
            return world.Answer(page, $"[{rows}]", page == Pages - 1 ? [] : [("Link", $"<https://contoso.okta.com/next?after={page + 1}>; rel=\"next\"")]);
        };
        return await DrainAsync(client.ListAppUsersAsync("0oa1", null, default), u => u.Email!);
    }

    private static async Task<(List<string> People, bool Failed)> ReadDropboxAsync(Fault[][] faults)
    {
        var rig = new Rig();
        using DropboxTeamClient client = await rig.DropboxAsync(rig.Options with { Retry = new RetryOptions { MaxRetries = MaxRetries } });
        var world = new FaultyWorld(faults);
        rig.Network.Otherwise = _ =>
        {
            var cursor = (string?)JsonNode.Parse(rig.Network.Requests[^1].Body!)!["cursor"];
            int page = cursor is null ? 0 : int.Parse(cursor, CultureInfo.InvariantCulture);
            string rows = string.Join(',', People.Skip(page * 2).Take(2).Select((p, i) =>
                $$$"""{"profile":{"email":"{{{p}}}","status":{".tag":"active"},"team_member_id":"dbmid:{{{page}}}{{{i}}}" } }"""));
            string more = page == Pages - 1 ? "false" : "true";
            return world.Answer(page, $$"""{"members":[{{rows}}],"cursor":"{{page + 1}}","has_more":{{more}}}""", []);
        };
        return await DrainAsync(client.ListMembersAsync(true, null, default), m => m.Email);
    }

    private static async Task<(List<string> People, bool Failed)> DrainAsync<T>(IAsyncEnumerable<IReadOnlyList<T>> pages, Func<T, string> email)
    {
        var people = new List<string>();
        try
        {
            await foreach (IReadOnlyList<T> page in pages) people.AddRange(page.Select(email));
            return (people, false);
        }
        catch (ServiceException)
        {
            return (people, true);
        }
    }

    private sealed class FaultyWorld(Fault[][] faults)
    {
        private readonly Queue<Fault>[] _faults = [.. faults.Select(f => new Queue<Fault>(f))];

        public HttpResponseMessage Answer(int page, string json, (string Name, string Value)[] headers) =>
            (_faults[page].TryDequeue(out Fault fault) ? fault : Fault.None) switch
            {
                Fault.RateLimit => Reply.Text("slow down", 429, "text/plain", ("Retry-After", "3")),
                Fault.TooManyAtOnce => Reply.Text("{}", 429, "application/json", ("X-Rate-Limit-Limit", "0"), ("X-Rate-Limit-Remaining", "0")),
                Fault.ServerError => Reply.Text("<html>", 503, "text/html"),
                Fault.Reset => throw new HttpRequestException(HttpRequestError.ResponseEnded, "reset"),
                Fault.CutBody => Reply.Json(json[..(json.Length / 2)], 200, headers),
                Fault.BrokenBody => Reply.Of(200, new StreamContent(new BreakingStream(json[..^1])), headers),
                _ => Reply.Json(json, 200, headers),
            };
    }
}
