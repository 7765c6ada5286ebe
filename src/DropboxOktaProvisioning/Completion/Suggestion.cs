using System.Management.Automation;
using System.Management.Automation.Language;

namespace DropboxOktaProvisioning.Completion;

/// <summary>One thing that the word at the prompt may become.</summary>
/// <param name="Text">What is put there, quoted where it must be.</param>
/// <param name="Detail">What tells it from its like.</param>
/// <param name="Name">What a person would type for it, where the text is its id.</param>
internal sealed record Suggestion(string Text, string Detail, string Name)
{
    /// <summary>Whether the word begins it, or is somewhere in it.</summary>
    public bool Fits(string word) => Text.Contains(word, StringComparison.OrdinalIgnoreCase) || Name.Contains(word, StringComparison.OrdinalIgnoreCase);

    public CompletionResult ToResult() => new(Quoted, Text, CompletionResultType.ParameterValue, Detail);

    // A bare word may hold these and begin with a letter or a digit; anything else would be read as something else.
    private string Quoted => Text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_') && char.IsAsciiLetterOrDigit(Text[0])
        ? Text
        : $"'{CodeGeneration.EscapeSingleQuotedStringContent(Text)}'";
}
