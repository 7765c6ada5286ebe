using DropboxOktaProvisioning;
using DropboxOktaProvisioning.Engine.Notices;

// Worker JOURNAL PORT PEOPLE: tells the people 1 to PEOPLE through the mail server on the loopback port, and writes a line for each notice.
if (args is not [var journal, var port, var count]) return 2;
var people = Enumerable.Range(1, int.Parse(count)).Select(i => new DropboxUserStatus
{
    Email = $"p{i}@contoso.example",
    OktaUserId = $"00u{i}",
    TeamMemberId = $"dbmid:{i}",
    TeamId = "dbtid:one",
    Stage = ProvisioningStage.AwaitingActivation,
}).ToList();
var location = JournalLocation.IsDatabase(journal) ? JournalLocation.Database(journal) : JournalLocation.File(journal);
await using var transport = new SmtpTransport(new SmtpOptions { Host = "127.0.0.1", Port = int.Parse(port), Tls = SmtpTls.None }, TimeProvider.System);
var service = new NoticeService(location, transport, TimeProvider.System);
var plan = await service.PlanAsync(people, new NoticeOptions { From = "it@contoso.example" }, CancellationToken.None);
await foreach (var notice in service.SendAsync(plan, null, CancellationToken.None))
{
    Console.WriteLine($"{notice.State} {notice.Email} {notice.Reason}");
}

return 0;
