using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using DropboxOktaProvisioning.Engine.Notices;

namespace DropboxOktaProvisioning.Completion;

/// <summary>The limits of senders that have a name, each with its figures.</summary>
internal sealed class SenderLimitCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        SenderLimit.Names.Select(name => new Suggestion(name, SenderLimit.Parse(name).ToString(), name))
            .Where(limit => limit.Fits(wordToComplete.Trim('\'', '"'))).Select(limit => limit.ToResult());
}
