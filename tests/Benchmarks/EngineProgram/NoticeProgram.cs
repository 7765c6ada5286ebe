using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using DropboxOktaProvisioning;
using DropboxOktaProvisioning.Engine.Journal;
using DropboxOktaProvisioning.Engine.Notices;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace EngineProgram;

/// <summary>Tells many people through a mail server on the loopback, next to a program that sends as many mails that were made before.</summary>
internal static class NoticeProgram
{
    private const int Rounds = 7;

    /// <param name="args">Port, how many people, how many connections, how many notices the journal alone has to bear, and the port of a real mail server without TLS, 0 for none.</param>
    public static async Task RunAsync(string[] args)
    {
        var numbers = args.Select(arg => int.Parse(arg, CultureInfo.InvariantCulture)).ToArray();
        var (port, count, connections, journaled) = (numbers[0], numbers[1], numbers[2], numbers[3]);
        var folder = Directory.CreateTempSubdirectory("notices-").FullName;
        var people = People(count);
        await SendReadyAsync(port, MakeReady(people.Take(500)), connections);
        await SendAsync(port, people[..500], connections, Path.Combine(folder, "warm.db"));

        List<double> ready = [], ours = [];
        for (var round = 0; round < Rounds; round++)
        {
            var messages = MakeReady(people);
            ready.Add(await SendReadyAsync(port, messages, connections));
            messages.Clear();
            ours.Add(await SendAsync(port, people, connections, Path.Combine(folder, $"journal{round}.db")));
        }

        var journal = await JournalAsync(journaled, Path.Combine(folder, "alone.db"));
        double? real = numbers[4] == 0 ? null : await SendAsync(numbers[4], people, connections, Path.Combine(folder, "real.db"), SmtpTls.None);
        Directory.Delete(folder, recursive: true);
        Console.Out.Write(JsonSerializer.Serialize(new { Ready = ready, Ours = ours, Journal = journal, Real = real }));
    }

    private static DropboxUserStatus[] People(int count) => [.. Enumerable.Range(0, count).Select(i => new DropboxUserStatus
    {
        Email = $"p{i}@contoso.example", Name = $"Person {i}", OktaUserId = $"00u{i}", TeamMemberId = $"dbmid:{i}", TeamId = "dbtid:one", DaysWaiting = 3,
        Stage = ProvisioningStage.AwaitingActivation, TileUrl = new Uri("https://contoso.example/home"),
    })];

    private static NoticeOptions Options => new() { From = "Contoso IT <it@contoso.example>" };

    private static List<MimeMessage> MakeReady(IEnumerable<DropboxUserStatus> people)
    {
        var composer = new NoticeComposer(Options);
        return [.. people.Select(person => composer.ToMail(composer.Compose(person), new ActivationNotice { Id = "id", MessageId = composer.MessageId("id") }, DateTimeOffset.UnixEpoch).Message)];
    }

    private static async Task<double> SendReadyAsync(int port, List<MimeMessage> messages, int connections)
    {
        GC.Collect();
        var watch = Stopwatch.StartNew();
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            using var client = new SmtpClient { ServerCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=localhost", CheckCertificateRevocation = false };
            await client.ConnectAsync("127.0.0.1", port, SecureSocketOptions.SslOnConnect);
            for (var i = Interlocked.Increment(ref next); i < messages.Count; i = Interlocked.Increment(ref next)) await client.SendAsync(messages[i]);
            await client.DisconnectAsync(true);
        })));
        return watch.Elapsed.TotalSeconds;
    }

    private static async Task<double> SendAsync(int port, IReadOnlyList<DropboxUserStatus> people, int connections, string journal, SmtpTls tls = SmtpTls.Implicit)
    {
        await using var transport = new SmtpTransport(
            new SmtpOptions { Host = "127.0.0.1", Port = port, Tls = tls, Connections = connections, CheckRevocation = false, CertificateValidation = (_, certificate, _, _) => certificate?.Subject == "CN=localhost" },
            TimeProvider.System);
        var service = new NoticeService(JournalLocation.File(journal), transport, TimeProvider.System);
        var plan = await service.PlanAsync(people, Options, CancellationToken.None);
        GC.Collect();
        var watch = Stopwatch.StartNew();
        var sent = 0;
        await foreach (var notice in service.SendAsync(plan, null, CancellationToken.None)) sent += notice.State == NoticeState.Sent ? 1 : 0;
        return sent == people.Count ? watch.Elapsed.TotalSeconds : throw new InvalidOperationException($"{sent} of {people.Count} were sent.");
    }

    // What a run asks of the journal, and nothing else: looked through for the plan, claimed in batches, begun and settled in groups, as they are where mails leave fast.
    private static async Task<double> JournalAsync(int count, string path)
    {
        var notices = People(count).Select(person => new ActivationNotice
        {
            Id = NoticeKeys.NewId(), Email = person.Email, OktaUserId = person.OktaUserId, TeamMemberId = person.TeamMemberId, TeamId = person.TeamId,
            MessageId = "made-up@contoso.example", Subject = "Your Dropbox account is ready", Transport = "Smtp", Sender = "it@contoso.example", Stage = person.Stage,
        }).ToList();
        GC.Collect();
        var watch = Stopwatch.StartNew();
        await using var journal = await NoticeJournal.OpenAsync(path, TimeProvider.System, CancellationToken.None);
        _ = await journal.IndexAsync(CancellationToken.None);
        INoticeClaims claims = journal;
        List<ClaimOutcome> before = [];
        foreach (var batch in notices.Chunk(500))
        {
            var results = new List<ClaimResult>();
            foreach (var part in batch.Chunk(claims.ClaimsAtOnce))
            {
                var durability = results.Count + part.Length == batch.Length ? Durability.Flushed : Durability.Process;
                results.AddRange(await claims.ClaimAsync([.. part.Select(notice => new ClaimRequest(notice, false))], durability, CancellationToken.None));
            }

            foreach (var group in results.Select(result => result.Claim!).Chunk(32))
            {
                if ((await claims.AdvanceAsync(before, group, CancellationToken.None)).Count != group.Length) throw new InvalidOperationException("A claim was lost.");
                before = [.. group.Select(claim => new ClaimOutcome(claim, NoticeState.Sent, "250 2.0.0 Ok: queued as 4711", DateTimeOffset.UtcNow))];
            }
        }

        await claims.AdvanceAsync(before, [], CancellationToken.None);
        return watch.Elapsed.TotalSeconds;
    }
}
