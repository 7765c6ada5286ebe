namespace DropboxOktaProvisioning.HelpBuilder;

/// <summary>A page as it was read: words, and where each thing stands.</summary>
internal sealed record HelpPage
{
    public required string File { get; init; }

    /// <summary>The heading of the page.</summary>
    public string Title { get; init; } = "";

    /// <summary>One sentence.</summary>
    public string Synopsis { get; init; } = "";

    /// <summary>The syntax lines, as they stand in the page.</summary>
    public string Syntax { get; init; } = "";

    public IReadOnlyList<string> Description { get; init; } = [];

    public IReadOnlyList<PageExample> Examples { get; init; } = [];

    public IReadOnlyList<PageEntry> Parameters { get; init; } = [];

    public IReadOnlyList<PageEntry> Outputs { get; init; } = [];

    public IReadOnlyList<PageError> Errors { get; init; } = [];

    public IReadOnlyList<PageLink> Links { get; init; } = [];

    /// <summary>The lines of the second level's headings.</summary>
    public IReadOnlyDictionary<string, int> Sections { get; init; } = new Dictionary<string, int>();
}

/// <summary>An example: a title, what to type, and what comes of it.</summary>
internal sealed record PageExample(int Line, string Title, string Code, IReadOnlyList<string> Words);

/// <summary>A parameter or an output: its heading, the line of facts below it if there is one, and words.</summary>
internal sealed record PageEntry(int Line, string Name, string? Facts, IReadOnlyList<string> Words);

/// <summary>An error id, and when it comes.</summary>
internal sealed record PageError(int Line, string Id, string Words);

/// <summary>A related topic, with its address where it has one.</summary>
internal sealed record PageLink(int Line, string Text, string? Address);
