using System.Diagnostics;
using System.Globalization;

namespace DropboxOktaProvisioning.RealParts.Tests;

/// <summary>Exim, on a port of its own, with its spool, its log and all that it knows in a folder of its own. It keeps what it accepts.</summary>
internal sealed class MailServer : IAsyncDisposable
{
    private readonly string _folder;
    private readonly Process _process;

    private MailServer(string folder, int port, Process process)
    {
        _folder = folder;
        Port = port;
        _process = process;
    }

    public int Port { get; }

    public static async Task<MailServer> StartAsync()
    {
        var exim = RealPart.Find("/usr/sbin/exim4", "/usr/sbin/exim");
        RealPart.Require(exim, "exim4-daemon-light");
        var folder = Directory.CreateTempSubdirectory("exim-").FullName;
        var port = RealPart.FreePort();
        // It accepts everything from this machine, and tries to deliver nothing: its own log says what it took.
        await File.WriteAllTextAsync(Path.Combine(folder, "exim.conf"), string.Create(CultureInfo.InvariantCulture, $"""
            primary_hostname = mail.contoso.example
            spool_directory = {folder}/spool
            log_file_path = {folder}/%slog
            pid_file_path = {folder}/exim.pid
            local_interfaces = 127.0.0.1
            daemon_smtp_ports = {port}
            tls_advertise_hosts =
            acl_smtp_rcpt = take
            queue_only = true
            log_selector = +received_recipients +subject
            smtp_accept_max = 100
            begin acl
            take:
              accept
            begin routers
            begin transports
            """));
        Directory.CreateDirectory(Path.Combine(folder, "spool"));
        // Its folders must be its own, and its configuration must be root's.
        if (Environment.IsPrivilegedProcess) await RealPart.RunAsync("chown", "Debian-exim", folder, Path.Combine(folder, "spool"));
        var process = Process.Start(new ProcessStartInfo(exim!, ["-C", Path.Combine(folder, "exim.conf"), "-bdf"]))!;
        var server = new MailServer(folder, port, process);
        await RealPart.UntilAsync(server.Answers, "Exim answers.");
        return server;
    }

    /// <summary>The recipient of each mail that was accepted, in order; one who was told twice stands here twice.</summary>
    public async Task<IReadOnlyList<string>> AcceptedAsync() =>
        [.. (await File.ReadAllLinesAsync(Path.Combine(_folder, "mainlog"))).Where(line => line.Contains(" <= ", StringComparison.Ordinal))
            .Select(line => line[(line.LastIndexOf(" for ", StringComparison.Ordinal) + 5)..])];

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private bool Answers()
    {
        Assert.False(_process.HasExited, "Exim ended.");
        try
        {
            using var client = new System.Net.Sockets.TcpClient("127.0.0.1", Port);
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }
}
