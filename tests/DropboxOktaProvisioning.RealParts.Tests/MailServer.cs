using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace DropboxOktaProvisioning.RealParts;

/// <summary>Exim, on a port of its own, with its spool, its log and all that it knows in a folder of its own. It keeps what it accepts on the disk, and delivers none of it.</summary>
/// <remarks>Tests and benchmarks share it.</remarks>
internal sealed class MailServer : IAsyncDisposable
{
    private readonly string _folder;
    private readonly Process _process;

    private MailServer(string folder, int port, Process process) => (_folder, Port, _process) = (folder, port, process);

    /// <summary>The program; null where it is not installed.</summary>
    public static string? Program { get; } = Array.Find(["/usr/sbin/exim4", "/usr/sbin/exim"], File.Exists);

    public int Port { get; }

    /// <summary>Starts it, and waits until it answers.</summary>
    public static async Task<MailServer> StartAsync()
    {
        var (folder, port) = (Directory.CreateTempSubdirectory("exim-").FullName, Loopback.FreePort());
        // It accepts everything from this machine: its own log says what it took.
        var configuration = Path.Combine(folder, "exim.conf");
        await File.WriteAllTextAsync(configuration, string.Create(CultureInfo.InvariantCulture, $"""
            primary_hostname = mail.contoso.example
            spool_directory = {folder}/spool
            log_file_path = {folder}/%slog
            pid_file_path = {folder}/exim.pid
            local_interfaces = 127.0.0.1
            daemon_smtp_ports = {port}
            tls_advertise_hosts =
            acl_smtp_rcpt = accept
            queue_only = true
            log_selector = +received_recipients +subject
            smtp_accept_max = 100
            begin routers
            begin transports
            """));
        var spool = Directory.CreateDirectory(Path.Combine(folder, "spool")).FullName;
        // Its folders must be its own, and its configuration must be root's.
        if (Environment.IsPrivilegedProcess)
        {
            using var chown = Process.Start("chown", ["Debian-exim", folder, spool]);
            await chown.WaitForExitAsync();
        }

        var server = new MailServer(folder, port, Process.Start(new ProcessStartInfo(Program!, ["-C", configuration, "-bdf"]))!);
        await server.AnswersAsync();
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

    private async Task AnswersAsync()
    {
        for (var began = Stopwatch.StartNew(); began.Elapsed < TimeSpan.FromMinutes(1) && !_process.HasExited; await Task.Delay(50))
        {
            try
            {
                using var client = new TcpClient("127.0.0.1", Port);
                return;
            }
            catch (SocketException)
            {
                // Not yet.
            }
        }

        throw new InvalidOperationException("Exim does not answer.");
    }
}
