using System.Management.Automation.Host;

namespace DropboxOktaProvisioning.Shell.Host;

/// <summary>The console's size and keys. There is no screen buffer to read or scroll: scripts only print.</summary>
internal sealed class ShellRawUserInterface : PSHostRawUserInterface
{
    private const ConsoleColor Unknown = (ConsoleColor)(-1);

    public override ConsoleColor ForegroundColor { get; set; } = Unknown;
    public override ConsoleColor BackgroundColor { get; set; } = Unknown;
    public override int CursorSize { get; set; } = 25;
    public override Coordinates CursorPosition { get; set; }
    public override Coordinates WindowPosition { get; set; }
    public override string WindowTitle { get; set; } = "";

    public override Size BufferSize
    {
        get => new(Terminal.Width, Terminal.Height);
        set => throw NoBuffer();
    }

    public override Size WindowSize
    {
        get => BufferSize;
        set => throw NoBuffer();
    }

    public override Size MaxWindowSize => BufferSize;
    public override Size MaxPhysicalWindowSize => BufferSize;
    public override bool KeyAvailable => Terminal.HasInput && Console.KeyAvailable;

    public override void FlushInputBuffer()
    {
        while (KeyAvailable)
        {
            Console.ReadKey(intercept: true);
        }
    }

    public override KeyInfo ReadKey(ReadKeyOptions options)
    {
        if (!Terminal.HasInput)
        {
            throw Questions.NobodyThere();
        }

        var key = Console.ReadKey(options.HasFlag(ReadKeyOptions.NoEcho));
        return new KeyInfo((int)key.Key, key.KeyChar, default, keyDown: true);
    }

    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw NoBuffer();

    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) => throw NoBuffer();

    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) => throw NoBuffer();

    public override void SetBufferContents(Rectangle rectangle, BufferCell fill) => throw NoBuffer();

    private static HostException NoBuffer() => new("This host prints; it has no screen buffer to read or change.");
}
