using System.Net;

namespace DropboxOktaProvisioning.Sandbox;

/// <summary>An answer's body, with its pause and its break.</summary>
internal sealed class SandboxContent(SandboxAnswer answer, Func<TimeSpan, CancellationToken, Task> pause) : HttpContent
{
    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        using var body = new BodyStream(answer, pause);
        await body.CopyToAsync(stream, cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult<Stream>(new BodyStream(answer, pause));

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = answer.Body.Length;
        return true;
    }

    private sealed class BodyStream(SandboxAnswer answer, Func<TimeSpan, CancellationToken, Task> pause) : Stream
    {
        private readonly int _half = answer.Body.Length / 2;
        private int _at;
        private bool _paused;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => _at;
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_at >= _half && !_paused)
            {
                _paused = true;
                await pause(answer.BodyDelay, cancellationToken);
            }

            if (answer.BreaksInBody && _at >= _half)
            {
                throw new HttpIOException(
                    HttpRequestError.ResponseEnded,
                    $"The response ended prematurely, with at least {answer.Body.Length - _at} additional bytes expected.");
            }

            var end = _paused ? answer.Body.Length : _half;
            var length = Math.Min(buffer.Length, end - _at);
            answer.Body.Slice(_at, length).CopyTo(buffer);
            _at += length;
            return length;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
