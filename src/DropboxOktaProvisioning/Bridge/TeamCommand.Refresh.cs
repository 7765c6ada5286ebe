using DropboxOktaProvisioning.Connections;
using DropboxOktaProvisioning.Engine.Refresh;

namespace DropboxOktaProvisioning.Bridge;

/// <content>Readings that are kept from run to run.</content>
public abstract partial class TeamCommand
{
    private ReadingKeeper? _keeper;

    /// <summary>What keeps the reading of everybody; null where nothing is to be kept or looked at.</summary>
    /// <exception cref="Engine.ProvisioningException">ConflictingParameters.</exception>
    private protected ReadingKeeper? Keeper => _keeper ??= this is IRefreshing how ? KeeperFor(how.Refresh, how.FullReadAfter) : null;

    /// <summary>Tells how everybody was read, where that was asked for.</summary>
    private protected void InformOfReading()
    {
        if (Keeper?.Told is { } told) Inform(told);
    }

    private ReadingKeeper? KeeperFor(RefreshMode refresh, TimeSpan? fullReadAfter)
    {
        if (fullReadAfter is not null && refresh != RefreshMode.Incremental)
            throw Conflict("-FullReadAfter says how long a kept reading is brought up to date, and none is kept.", "Give -Refresh Incremental too.");
        // A bare number is a TimeSpan of so many ticks.
        if ((fullReadAfter < TimeSpan.FromSeconds(1) && fullReadAfter != TimeSpan.Zero) || fullReadAfter > ReadingKeeper.LongestFullReadAfter)
            throw Conflict($"-FullReadAfter must be 0, or from a second to {ReadingKeeper.LongestFullReadAfter.TotalDays:0} days, not {fullReadAfter}.", "Give a TimeSpan, such as 7.00:00 for a week.");
        if (refresh == RefreshMode.Full) return null;
        var choice = JournalChoice.For(this, Journal, Team);
        return new ReadingKeeper(choice.Location, choice.Time, refresh, fullReadAfter ?? ReadingKeeper.UsualFullReadAfter) { OnlyLooks = IsWhatIf };
    }
}
