using System.Management.Automation;
using System.Text;

namespace DropboxOktaProvisioning.Shell.Host;

/// <summary>Reads a line key by key, because a console's own line read cannot be ended by Ctrl+C.</summary>
internal sealed class KeyReader
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);
    private readonly TaskCompletionSource cancelled = new();

    public void Cancel() => cancelled.TrySetResult();

    /// <summary>One line from the terminal; without <paramref name="echo"/> a star stands for each character.</summary>
    /// <exception cref="PipelineStoppedException">Ctrl+C was pressed.</exception>
    public string ReadLine(bool echo)
    {
        var line = new StringBuilder();
        while (true)
        {
            var key = NextKey();
            if (key.Key == ConsoleKey.Enter)
            {
                Console.Out.WriteLine();
                return line.ToString();
            }

            if (key.Key == ConsoleKey.Backspace && line.Length > 0)
            {
                line.Length--;
                Console.Out.Write("\b \b");
            }
            else if (!char.IsControl(key.KeyChar))
            {
                line.Append(key.KeyChar);
                Console.Out.Write(echo ? key.KeyChar : '*');
            }
        }
    }

    private ConsoleKeyInfo NextKey()
    {
        while (!Console.KeyAvailable)
        {
            if (cancelled.Task.Wait(Poll))
            {
                throw new PipelineStoppedException();
            }
        }

        return Console.ReadKey(intercept: true);
    }
}
