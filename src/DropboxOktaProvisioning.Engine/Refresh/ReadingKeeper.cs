using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Journal;
using DropboxOktaProvisioning.Engine.Notices;
using DropboxOktaProvisioning.Engine.Okta;
using DropboxOktaProvisioning.Engine.Packing;
using DropboxOktaProvisioning.Engine.Verification;

namespace DropboxOktaProvisioning.Engine.Refresh;

/// <summary>Keeps the last reading of everybody in the journal, and trusts it only where it is whole, its own, and not too old.</summary>
/// <param name="journal">Where it is kept.</param>
/// <param name="time">The clock.</param>
/// <param name="mode">Whether it is used, or deleted.</param>
/// <param name="fullReadAfter">How old the last whole reading may be.</param>
public sealed class ReadingKeeper(JournalLocation journal, TimeProvider time, RefreshMode mode, TimeSpan fullReadAfter)
{
    private (ReadingKey Key, KeptReading? Reading, string? Why)? _foreseen;

    /// <summary>How old the last whole reading may be where nothing else is said.</summary>
    public static TimeSpan UsualFullReadAfter { get; } = TimeSpan.FromDays(7);

    /// <summary>The oldest that it may be at all: Okta keeps its log for 90 days.</summary>
    public static TimeSpan LongestFullReadAfter { get; } = TimeSpan.FromDays(60);

    /// <summary>Whether it is used, or deleted.</summary>
    public RefreshMode Mode => mode;

    /// <summary>Uses what is kept, and neither keeps nor deletes anything.</summary>
    public bool OnlyLooks { get; init; }

    /// <summary>How people were read the last time, in a sentence; null where nobody was.</summary>
    public string? Told { get; internal set; }

    internal DateTimeOffset Now => time.GetUtcNow();

    /// <summary>How everybody will be read; null where nothing is to be kept, or few people are asked for by name and the lists are not read at all.</summary>
    public async Task<RefreshOutlook?> ForeseeAsync(OktaClient okta, DropboxTeamClient dropbox, string appId, VerificationScope scope, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(okta);
        ArgumentNullException.ThrowIfNull(dropbox);
        if (mode != RefreshMode.Incremental || Verifier.IsFew(scope)) return null;
        var key = ReadingKey.Of(okta, dropbox, appId);
        var (reading, why) = await FindAsync(key, dropbox.Team, cancel);
        _foreseen = (key, reading, why);
        return new RefreshOutlook(why, reading is null ? 0 : RefreshingLists.AgainAnyway(reading, reading.State.RemovedOn, Now).Count());
    }

    /// <summary>Lets go of what was unpacked for the forecast, where the lists were not read after all.</summary>
    internal void Release() => _foreseen = null;

    /// <summary>What is kept, or why there is nothing that can be used.</summary>
    internal async Task<(KeptReading? Reading, string? Why)> FindAsync(ReadingKey key, DropboxTeamInfo team, CancellationToken cancel)
    {
        // Unpacked for the forecast a moment ago; once, because whoever brings it up to date changes it.
        if (_foreseen is { } foreseen && foreseen.Key == key)
        {
            _foreseen = null;
            return (foreseen.Reading, foreseen.Why);
        }

        StoredReading? stored;
        await using (var open = await journal.OpenReadOnlyAsync(time, cancel)) stored = await open.FindReadingAsync(key, cancel);
        if (stored is null) return (null, "none is kept yet");
        if (ReadingState.Read(stored.State, stored.Seal) is not { } state) return (null, "the one that is kept is damaged");
        if (state.Format != ReadingState.CurrentFormat || state.Module != ReadingState.CurrentModule) return (null, "another version of the module kept the last one");
        if (state.Key != key) return (null, "the one that is kept is of another team, org or app");
        var age = Now - state.TakenOn;
        if (age >= fullReadAfter || age < -TimeSpan.FromMinutes(5)) return (null, $"the last whole reading is of {state.TakenOn.UtcDateTime:yyyy-MM-dd HH:mm}Z");
        if (ReadingState.SealOf(stored.Content) != state.Digest) return (null, "the one that is kept is damaged");
        try
        {
            var (assignments, members) = ReadingContent.Read(stored.Content);
            if (WholeReading.IsDoubtful(assignments.Count, team)) return (null, "the last one had nobody assigned, beside a team with people");
            return (new KeptReading(state, assignments, members), null);
        }
        catch (InvalidDataException)
        {
            return (null, "the one that is kept is damaged");
        }
    }

    /// <summary>Keeps a reading. Where that fails people are told as they were read all the same.</summary>
    /// <param name="reading">The reading.</param>
    /// <param name="listsAreNew">Whether the lists are others than those that are kept already.</param>
    /// <param name="progress">Who is told of a failure.</param>
    /// <param name="cancel">Stops it.</param>
    internal Task KeepAsync(KeptReading reading, bool listsAreNew, IProgress<RunEvent>? progress, CancellationToken cancel) => WriteAsync(
        open =>
        {
            if (!listsAreNew)
            {
                var (moved, movedSeal) = reading.State.Write();
                return open.MoveReadingAsync(reading.State.Key, moved, movedSeal, reading.State.Digest, cancel);
            }

            var content = ReadingContent.Write(reading.Assignments, reading.Members);
            var state = reading.State with { Digest = ReadingState.SealOf(content) };
            var (text, seal) = state.Write();
            return open.KeepReadingAsync(state.Key, new StoredReading(text, seal, content), state.Digest, cancel);
        },
        progress, cancel);

    /// <summary>Deletes what is kept of a team.</summary>
    internal async Task ForgetAsync(string teamId, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        if (OnlyLooks) return;
        await using (var open = await journal.OpenReadOnlyAsync(time, cancel))
            if (!await open.HasReadingsAsync(cancel)) return; // nothing to delete: a journal that is not there stays not there
        await using var writing = await journal.OpenAsync(time, cancel);
        await writing.ForgetReadingsAsync(teamId, cancel);
        progress?.Report(new Remark("What the journal kept of the team's people is deleted."));
    }

    private async Task WriteAsync(Func<NoticeJournal, Task> write, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        if (OnlyLooks) return;
        try
        {
            await using var open = await journal.OpenAsync(time, cancel);
            if (open.NewFile is { } file) progress?.Report(new Caution($"The journal {file} is new: nobody counts as told yet."));
            await write(open);
        }
        catch (ProvisioningException problem)
        {
            progress?.Report(new Caution($"What was read could not be kept, so the next refresh reads everybody. {problem.Message} {problem.RecommendedAction}"));
        }
    }
}

/// <summary>A reading of everybody, and what is known about it.</summary>
internal sealed record KeptReading(ReadingState State, PackedStore Assignments, PackedStore Members);
