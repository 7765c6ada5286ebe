using System.Buffers;
using System.Net;

namespace DropboxOktaProvisioning.Engine.Http;

/// <summary>A body that was read to its end into a rented buffer; disposing it gives the buffer back.</summary>
internal sealed class PooledBody : HttpContent
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(32 << 10);
    private int _length;

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    /// <summary>Reads until the end or until the answer is larger than allowed.</summary>
    /// <returns>Whether all of it fitted.</returns>
    public async Task<bool> FillAsync(Stream source, long limit, CancellationToken cancel)
    {
        while (true)
        {
            if (_length == _buffer.Length) Grow();
            int read = await source.ReadAsync(_buffer.AsMemory(_length), cancel);
            if (read == 0) return true;
            _length += read;
            if (_length > limit) return false;
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(Bytes).AsTask();

    protected override bool TryComputeLength(out long length)
    {
        length = _length;
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        byte[] buffer = Interlocked.Exchange(ref _buffer, []);
        _length = 0;
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
        base.Dispose(disposing);
    }

    private void Grow()
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
