using DropboxOktaProvisioning.Connections;
using DropboxOktaProvisioning.Engine;

namespace DropboxOktaProvisioning.Bridge;

/// <content>What a look saw is kept for the next one to compare with.</content>
public abstract partial class TeamCommand
{
    /// <summary>Keeps how far these people are. What cannot be kept is a warning: what the command is for has been done.</summary>
    /// <param name="people">Who was seen.</param>
    /// <param name="everyone">Whether that is everybody.</param>
    private protected void Observe(IReadOnlyList<DropboxUserStatus> people, bool everyone)
    {
        if (IsWhatIf || TeamIdOf(people) is not { } teamId) return;
        var choice = JournalChoice.For(this, Journal, DropboxTeam ?? Session.Current.DropboxTeam);
        try
        {
            Await(async cancel =>
            {
                await using var journal = await choice.Location.OpenAsync(choice.Time, cancel);
                var index = await journal.IndexAsync(cancel);
                await journal.ObserveAsync(teamId, [.. people.Select(index.Refresh)], everyone, Progress, cancel);
            });
        }
        catch (ProvisioningException problem)
        {
            WriteWarning($"The next look cannot compare with this one, for it is not kept. {problem.Message} {problem.RecommendedAction} With -SkipObservation none is kept.");
        }
    }

    /// <summary>The one team that the people are of, and that is remembered by; null for rows of several teams, which are compared with nothing.</summary>
    private protected string? TeamIdOf(IReadOnlyList<DropboxUserStatus> people) => people.Select(person => person.TeamId).OfType<string>().Distinct().ToArray() switch
    {
        [] => (DropboxTeam ?? Session.Current.DropboxTeam)?.TeamId ?? "",
        [var one] => one,
        _ => null,
    };
}
