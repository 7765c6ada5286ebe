using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using DropboxOktaProvisioning.Engine.Notices;

namespace DropboxOktaProvisioning.Completion;

/// <summary>The built-in templates: of each kind of notice its subject, its text and its page.</summary>
internal sealed class TemplateCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        NoticeTemplates.FileNames.Select(name => new Suggestion(name, $"The built-in template {name}", name))
            .Where(template => template.Fits(wordToComplete.Trim('\'', '"'))).Select(template => template.ToResult());
}
