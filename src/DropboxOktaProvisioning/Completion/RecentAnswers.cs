using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace DropboxOktaProvisioning.Completion;

/// <summary>Keeps what a connection suggested for half a minute: Tab is pressed many times, and requests are few.</summary>
internal static class RecentAnswers
{
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(30);
    private static readonly ConditionalWeakTable<object, ConcurrentDictionary<string, (long Since, IReadOnlyList<Suggestion> Found)>> Kept = [];

    public static async Task<IReadOnlyList<Suggestion>> GetAsync(object connection, string question, Func<Task<IReadOnlyList<Suggestion>>> ask)
    {
        var answers = Kept.GetOrCreateValue(connection);
        if (answers.TryGetValue(question, out var kept) && Stopwatch.GetElapsedTime(kept.Since) < Life) return kept.Found;
        var found = await ask();
        answers[question] = (Stopwatch.GetTimestamp(), found);
        return found;
    }
}
