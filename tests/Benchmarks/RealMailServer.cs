using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace DropboxOktaProvisioning.Benchmarks;

/// <summary>Exim on the loopback: it takes every mail, writes it to its queue on the disk before it says yes, and delivers none.</summary>
internal sealed class RealMailServer : IDisposable
{
    private const string Program = "/usr/sbin/exim4";

    private readonly string _folder;
    private readonly Process _process;

    private RealMailServer(string folder, int port, Process process) => (_folder, Port, _process) = (folder, port, process);

    public int Port { get; }

    /// <summary>Starts it; null where it is not installed.</summary>
    public static async Task<RealMailServer?> StartAsync()
    {
        if (!File.Exists(Program)) return null;
        var (folder, port) = (Directory.CreateTempSubdirectory("exim-").FullName, FreePort());
        Directory.CreateDirectory(Path.Combine(folder, "spool"));
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
            begin routers
            begin transports
            """));
        // Its folders must be its own, and its configuration must be root's.
        if (Environment.IsPrivilegedProcess)
        {
            using var chown = Process.Start("chown", ["Debian-exim", folder, Path.Combine(folder, "spool")]);
            await chown.WaitForExitAsync();
        }

        var server = new RealMailServer(folder, port, Process.Start(new ProcessStartInfo(Program, ["-C", configuration, "-bdf"]))!);
        await server.AnswersAsync();
        return server;
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task AnswersAsync()
    {
        for (var began = Stopwatch.StartNew(); began.Elapsed < TimeSpan.FromMinutes(1); await Task.Delay(50))
        {
            try
            {
                using var client = new TcpClient("127.0.0.1", Port);
                return;
            }
            catch (SocketException) when (!_process.HasExited)
            {
                // Not yet.
            }
        }

        throw new InvalidOperationException("Exim does not answer.");
    }
}
