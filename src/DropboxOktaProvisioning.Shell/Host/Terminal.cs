namespace DropboxOktaProvisioning.Shell.Host;

/// <summary>What the console can do.</summary>
internal static class Terminal
{
    private const int WidthWithoutTerminal = 120;

    /// <summary>Whether output goes to a terminal, and so progress may be drawn.</summary>
    public static bool HasOutput { get; } = !Console.IsOutputRedirected;

    /// <summary>Whether somebody is there to answer a question.</summary>
    public static bool HasInput { get; } = !Console.IsInputRedirected;

    /// <summary>Colour only on a terminal, and not where the user has set NO_COLOR (https://no-color.org).</summary>
    public static bool HasColour { get; } =
        HasOutput && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    /// <summary>Columns of the output.</summary>
    public static int Width => HasOutput && Console.WindowWidth > 0 ? Console.WindowWidth : WidthWithoutTerminal;

    /// <summary>Rows of the output.</summary>
    public static int Height => HasOutput && Console.WindowHeight > 0 ? Console.WindowHeight : 50;
}
