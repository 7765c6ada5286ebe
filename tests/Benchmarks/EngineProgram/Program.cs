using System.Diagnostics;
using System.Security;
using System.Text.Json;
using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Okta;
using DropboxOktaProvisioning.Engine.Verification;
using EngineProgram;

// With "notices" as its first argument it sends mails.
if (args is ["notices", .. var rest])
{
    await NoticeProgram.RunAsync(rest);
    return;
}

// With "report" it writes reports.
if (args is ["report", .. var about])
{
    await ReportProgram.RunAsync(about);
    return;
}

// Reads both services whole, joins them, and goes over everybody's row. Arguments: address, Okta token, Dropbox app key, refresh token.
var options = new ConnectionOptions { AllowLoopbackHttp = true, Origin = new Uri(args[0]) };
using var okta = await OktaClient.ConnectAsync(args[0], new OktaApiTokenCredential(Secret(args[1])), options, null, default);
using var dropbox = await DropboxTeamClient.ConnectAsync(new RefreshTokenCredential(args[2], Secret(args[3])), options, null, default);
var app = (await okta.GetDropboxAppsAsync(null, default)).Single();

var (cpu, watch) = (Environment.CpuUsage.TotalTime, Stopwatch.StartNew());
var rows = new StatusRows(new PersonalAccounts([]), null, dropbox.Team.TeamId, DateTimeOffset.UtcNow, _ => null);
var count = 0;
await foreach (var outcome in new Verifier(okta, dropbox, app, rows).RunAsync(new VerificationScope.Everyone(), null, default))
    if (outcome.Status is { Reason.Length: > 0 }) count++;

using var process = Process.GetCurrentProcess();
Console.Out.Write(JsonSerializer.Serialize(new
{
    Rows = count,
    WallSeconds = watch.Elapsed.TotalSeconds,
    CpuSeconds = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds,
    PeakMegabytes = process.PeakWorkingSet64 / 1e6,
}));

static SecureString Secret(string text)
{
    var secret = new SecureString();
    foreach (var character in text) secret.AppendChar(character);
    return secret;
}
