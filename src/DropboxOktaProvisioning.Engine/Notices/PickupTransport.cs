using MimeKit;

namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>Leaves each mail as an <c>.eml</c> file in a folder, where a mail server or a person picks it up.</summary>
/// <remarks>The file appears whole or not at all, for its owner alone, under the notice's id, and never takes another's place.</remarks>
public sealed class PickupTransport(string folder) : INoticeTransport
{
    private readonly string _folder = Path.GetFullPath(folder);

    /// <inheritdoc/>
    public string Name => "Pickup";

    /// <summary>Called between the steps of a delivery; tests let the machine stop there.</summary>
    internal Action<string>? BeforeStep { get; init; }

    /// <inheritdoc/>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            OwnerOnly.CreateFolder(_folder);
            var probe = TemporaryPath("probe");
            await File.WriteAllBytesAsync(probe, [], cancellationToken);
            File.Delete(probe);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new ProvisioningException(
                ErrorIds.PickupUnavailable, ProblemCategory.ResourceUnavailable, $"The pickup folder '{_folder}' cannot be written: {exception.Message}",
                _folder, "Create the folder, or give this account the right to write there.", exception);
        }
    }

    /// <inheritdoc/>
    public async Task<DeliveryOutcome> DeliverAsync(MimeMessage message, string noticeId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        var final = FinalPath(noticeId);
        if (File.Exists(final)) return DeliveryOutcome.Sent("The file is there already.");
        var temporary = TemporaryPath(noticeId);
        try
        {
            BeforeStep?.Invoke("write");
            await using (var file = OwnerOnly.Open(temporary, FileMode.CreateNew))
            {
                await message.WriteToAsync(file, cancellationToken);
                await file.FlushAsync(cancellationToken);
                file.Flush(flushToDisk: true);
            }

            BeforeStep?.Invoke("rename");
            cancellationToken.ThrowIfCancellationRequested();
            File.Move(temporary, final, overwrite: false);
            BeforeStep?.Invoke("done");
            return DeliveryOutcome.Sent($"In the folder as {Path.GetFileName(final)}.");
        }
        catch (OperationCanceledException)
        {
            return NotThere(final, temporary, "The run was cancelled before the file was there.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return NotThere(final, temporary, $"The file could not be written: {exception.Message}");
        }
    }

    /// <inheritdoc/>
    public Task<bool> WasDeliveredAsync(string noticeId, CancellationToken cancellationToken) => Task.FromResult(File.Exists(FinalPath(noticeId)));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static DeliveryOutcome NotThere(string final, string temporary, string reason)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What is left has no .eml name and is picked up by nobody.
            reason += $" '{temporary}' is left over.";
        }

        return File.Exists(final) ? DeliveryOutcome.Sent("The file is there already.") : DeliveryOutcome.Failed(reason);
    }

    private string FinalPath(string noticeId) => Path.Combine(_folder, noticeId + ".eml");

    private string TemporaryPath(string name) => Path.Combine(_folder, $".{name}.{Guid.NewGuid():N}.tmp");
}
