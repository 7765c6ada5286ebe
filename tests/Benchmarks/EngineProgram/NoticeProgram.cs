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
        await SendAsync(Smtp(port, connections, SmtpTls.Implicit), people[..500], Path.Combine(folder, "warm.db"));

        List<double> ready = [], ours = [];
        for (var round = 0; round < Rounds; round++)
        {
            var messages = MakeReady(people);
            ready.Add(await SendReadyAsync(port, messages, connections));
            messages.Clear();
            ours.Add((await SendAsync(Smtp(port, connections, SmtpTls.Implicit), people, Path.Combine(folder, $"journal{round}.db"))).Wall);
        }

        // By the sender itself, with its own batches and groups, to somebody who takes no time.
        var alone = await SendAsync(new YesTransport { Connections = connections }, People(journaled), Path.Combine(folder, "alone.db"));
        var real = numbers[4] == 0 ? null : await SendAsync(Smtp(numbers[4], connections, SmtpTls.None), people, Path.Combine(folder, "real.db"));
        Directory.Delete(folder, recursive: true);
        Console.Out.Write(JsonSerializer.Serialize(new { Ready = ready, Ours = ours, Journal = alone.Journal, Real = real?.Wall, RealJournal = real?.Journal }));
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

    private static SmtpTransport Smtp(int port, int connections, SmtpTls tls) => new(
        new SmtpOptions { Host = "127.0.0.1", Port = port, Tls = tls, Connections = connections, CheckRevocation = false, CertificateValidation = (_, certificate, _, _) => certificate?.Subject == "CN=localhost" },
        TimeProvider.System);

    private static async Task<Sending> SendAsync(INoticeTransport transport, IReadOnlyList<DropboxUserStatus> people, string path)
    {
        await using var mails = transport;
        var location = JournalLocation.File(path);
        BusyJournal? journal = null;
        var service = new NoticeService(
            token => location.OpenReadOnlyAsync(TimeProvider.System, token), async token => journal = new BusyJournal(await location.OpenAsync(TimeProvider.System, token)),
            transport, TimeProvider.System);
        var plan = await service.PlanAsync(people, Options, CancellationToken.None);
        GC.Collect();
        var watch = Stopwatch.StartNew();
        var sent = 0;
        await foreach (var notice in service.SendAsync(plan, null, CancellationToken.None)) sent += notice.State == NoticeState.Sent ? 1 : 0;
        return sent == people.Count ? new Sending(watch.Elapsed.TotalSeconds, journal!.Busy.TotalSeconds) : throw new InvalidOperationException($"{sent} of {people.Count} were sent.");
    }

    /// <summary>Seconds: from the first claim to the last result, and how many of them the journal was at work.</summary>
    private sealed record Sending(double Wall, double Journal);
}
