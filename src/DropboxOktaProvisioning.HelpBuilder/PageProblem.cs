namespace DropboxOktaProvisioning.HelpBuilder;

/// <summary>What is wrong with a page, in the form that MSBuild shows as an error of that line.</summary>
internal sealed record PageProblem(string File, int Line, string Text)
{
    public override string ToString() => $"{File}({Line}): error DOP0002: {Text}";
}
