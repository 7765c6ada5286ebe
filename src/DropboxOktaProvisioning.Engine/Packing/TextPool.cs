namespace DropboxOktaProvisioning.Engine.Packing;

/// <summary>Texts that many people share, such as departments and time zones: one string for all who have it.</summary>
internal sealed class TextPool
{
    // Beyond that they are not few any more, and each has its own.
    private const int Most = 4096;

    private readonly TextTable _table = new(ignoreCase: false);
    private readonly List<(byte[] Bytes, string Text)> _texts = [];

    /// <summary>The string, or null.</summary>
    public string? Decode(Utf8Text text)
    {
        if (!text.HasLetters) return text.Decode();
        uint hash = _table.Hash(text.Bytes);
        for (TextTable.Probe probe = _table.Start(hash); probe.Next(out int number);)
        {
            if (text.Bytes.SequenceEqual(_texts[number].Bytes)) return _texts[number].Text;
        }

        string decoded = text.Decode()!;
        if (_texts.Count == Most) return decoded;
        _table.Add(hash, _texts.Count);
        _texts.Add((text.Bytes.ToArray(), decoded));
        return decoded;
    }
}
