using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace DropboxOktaProvisioning.Completion;

/// <summary>Completes a word with what a connected service has. Without a connection, an answer in time, or the right to ask, it has nothing to say.</summary>
internal abstract class LiveCompleter : IArgumentCompleter
{
    /// <summary>How long a person at the prompt waits at most.</summary>
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var word = (wordToComplete ?? "").Trim('\'', '"');
        using var stop = new CancellationTokenSource(Budget);
        try
        {
            // The connection is the pipeline thread's to read; the asking is not.
            if (Ask(fakeBoundParameters, word) is not { } ask) return [];
            var found = Task.Run(() => ask(stop.Token)).WaitAsync(Budget).GetAwaiter().GetResult();
            return [.. found.Where(one => one.Fits(word)).OrderBy(one => !one.Name.StartsWith(word, StringComparison.OrdinalIgnoreCase)).ThenBy(one => one.Name, StringComparer.OrdinalIgnoreCase).Select(one => one.ToResult())];
        }
        catch (Exception)
        {
            // Whatever it is, the command itself will say so; at the Tab key nobody wants to hear it.
            return [];
        }
        finally
        {
            stop.Cancel();
        }
    }

    /// <summary>What finds the suggestions; null where nothing is connected. Called on the pipeline thread.</summary>
    /// <param name="bound">What the line has given to the other parameters, as far as it can be told without running it.</param>
    /// <param name="word">The word so far.</param>
    protected abstract Func<CancellationToken, Task<IReadOnlyList<Suggestion>>>? Ask(IDictionary bound, string word);
}
