using System.Globalization;
using System.Text;

namespace DropboxOktaProvisioning.Engine.Verification;

/// <summary>Reads lines as a text reader does, but holds no more than so much of one: a file without line ends would fill the memory.</summary>
internal sealed class BoundedLines(TextReader text)
{
    /// <summary>The longest line, and the most of a text, in characters.</summary>
    public const int LongestLine = 1 << 20, LongestText = 1 << 30;

    private readonly char[] _buffer = new char[8 * 1024];
    private readonly StringBuilder _line = new();
    private int _at;
    private int _length;
    private long _read;
    private bool _afterReturn;

    /// <summary>The line, without its end; null where it is longer than <see cref="LongestLine"/>.</summary>
    public string? Current { get; private set; }

    /// <summary>Goes on to the next line.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="InvalidDataException">The text is longer than <see cref="LongestText"/>.</exception>
    public async ValueTask<bool> MoveNextAsync(CancellationToken cancel)
    {
        _line.Clear();
        var (isLine, isTooLong) = (false, false);
        while (_at < _length || await FillAsync(cancel))
        {
            // The second half of the end of the line before.
            if (_afterReturn && _buffer[_at] == '\n') _at++;
            _afterReturn = false;
            if (_at == _length) continue;
            isLine = true;
            var rest = _buffer.AsSpan(_at, _length - _at);
            var end = rest.IndexOfAny('\r', '\n');
            var part = end < 0 ? rest : rest[..end];
            isTooLong |= _line.Length + part.Length > LongestLine;
            if (!isTooLong) _line.Append(part);
            _at += part.Length;
            if (end < 0) continue;
            _afterReturn = _buffer[_at++] == '\r';
            break;
        }

        Current = isTooLong ? null : _line.ToString();
        return isLine;
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancel)
    {
        (_at, _length) = (0, await text.ReadAsync(_buffer.AsMemory(), cancel));
        if ((_read += _length) > LongestText) throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"more than {LongestText:N0} characters"));
        return _length > 0;
    }
}
