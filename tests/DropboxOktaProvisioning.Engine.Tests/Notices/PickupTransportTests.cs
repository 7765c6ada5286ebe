using DropboxOktaProvisioning.Engine.Notices;
using MimeKit;

namespace DropboxOktaProvisioning.Engine.Tests.Notices;

public sealed class PickupTransportTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("pickup-").FullName;

    private string Folder => Path.Combine(_root, "outbox");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [SkippableFact]
    public async Task The_folder_is_created_for_its_owner_alone()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no Unix modes.");
        await using var transport = new PickupTransport(Folder);
        await transport.OpenAsync(CancellationToken.None);
        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Folder));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Folder));
    }

    [SkippableFact]
    public async Task A_mail_is_for_its_owner_alone_in_a_folder_that_others_can_read_too()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no Unix modes.");
        if (OperatingSystem.IsWindows()) return;
        Directory.CreateDirectory(Folder, (UnixFileMode)0b111_101_101);
        await using var transport = new PickupTransport(Folder);
        await transport.OpenAsync(CancellationToken.None);

        await SendAsync(transport, "first");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Assert.Single(Directory.EnumerateFiles(Folder))));
    }

    [Fact]
    public async Task A_mail_becomes_one_whole_file_that_is_never_replaced()
    {
        await using var transport = new PickupTransport(Folder);
        await transport.OpenAsync(CancellationToken.None);
        Assert.False(await transport.WasDeliveredAsync("n1", CancellationToken.None));

        Assert.Equal(DeliveryState.Sent, (await SendAsync(transport, "first")).State);
        Assert.Equal(DeliveryState.Sent, (await SendAsync(transport, "second")).State);

        Assert.True(await transport.WasDeliveredAsync("n1", CancellationToken.None));
        var file = Assert.Single(Directory.EnumerateFileSystemEntries(Folder));
        Assert.Equal("n1.eml", Path.GetFileName(file));
        using var message = await MimeMessage.LoadAsync(file);
        Assert.Equal("first", message.Subject);
    }

    [Theory]
    [InlineData("write", false)]
    [InlineData("rename", false)]
    [InlineData("done", true)]
    public async Task A_machine_that_stops_in_between_leaves_a_whole_file_or_none(string step, bool there)
    {
        await using (var transport = new PickupTransport(Folder) { BeforeStep = at => { if (at == step) throw new MachineStoppedException(); } })
        {
            await transport.OpenAsync(CancellationToken.None);
            await Assert.ThrowsAsync<MachineStoppedException>(() => SendAsync(transport, "first"));
        }

        await using var later = new PickupTransport(Folder);
        Assert.Equal(there, await later.WasDeliveredAsync("n1", CancellationToken.None));
        Assert.Equal(there ? 1 : 0, Directory.EnumerateFiles(Folder, "*.eml").Count());
        await SendAsync(later, "second");
        using var message = await MimeMessage.LoadAsync(Assert.Single(Directory.EnumerateFiles(Folder, "*.eml")));
        Assert.Equal(there ? "first" : "second", message.Subject);
    }

    [Fact]
    public async Task A_cancelled_mail_is_not_there_and_leaves_nothing_behind()
    {
        using var cancellation = new CancellationTokenSource();
        await using var transport = new PickupTransport(Folder) { BeforeStep = at => { if (at == "rename") cancellation.Cancel(); } };
        await transport.OpenAsync(CancellationToken.None);
        using var message = Message("first");

        Assert.Equal(DeliveryState.Failed, (await transport.DeliverAsync(message, "n1", cancellation.Token)).State);

        Assert.Empty(Directory.EnumerateFileSystemEntries(Folder));
    }

    [Fact]
    public async Task A_folder_that_goes_away_fails_the_mail()
    {
        await using var transport = new PickupTransport(Folder);
        await transport.OpenAsync(CancellationToken.None);
        Directory.Delete(Folder);
        Assert.Equal(DeliveryState.Failed, (await SendAsync(transport, "first")).State);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_is_unavailable()
    {
        await File.WriteAllTextAsync(Folder, "a file");
        await using var transport = new PickupTransport(Folder);
        var problem = await Assert.ThrowsAsync<ProvisioningException>(() => transport.OpenAsync(CancellationToken.None));
        Assert.Equal(ErrorIds.PickupUnavailable, problem.ErrorId);
        Assert.Contains(Folder, problem.Message, StringComparison.Ordinal);
    }

    private static async Task<DeliveryOutcome> SendAsync(PickupTransport transport, string subject)
    {
        using var message = Message(subject);
        return await transport.DeliverAsync(message, "n1", CancellationToken.None);
    }

    private static MimeMessage Message(string subject) => new(
        [new MailboxAddress("IT", "it@contoso.example")], [new MailboxAddress("", "ada@contoso.example")], subject, new TextPart("plain") { Text = "Hello" });

    private sealed class MachineStoppedException : Exception;
}
