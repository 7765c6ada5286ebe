using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace DropboxOktaProvisioning.Sandbox.Http;

/// <summary>Writes a JSON body straight into its buffer, as the services do: UTF-8, not escaped more than needed.</summary>
internal static class JsonBody
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The bytes of what <paramref name="write"/> writes.</summary>
    public static ReadOnlyMemory<byte> Of(Action<Utf8JsonWriter> write, int expectedSize = 1024)
    {
        var buffer = new ArrayBufferWriter<byte>(expectedSize);
        using (var writer = new Utf8JsonWriter(buffer, Options)) write(writer);
        return buffer.WrittenMemory;
    }

    /// <summary>A time with milliseconds, as Okta writes it.</summary>
    public static void WriteOktaTime(this Utf8JsonWriter writer, string name, DateTimeOffset time) =>
        Write(writer, name, time, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'");

    /// <summary>A time in whole seconds, as Dropbox writes it (dropbox.md §1).</summary>
    public static void WriteDropboxTime(this Utf8JsonWriter writer, string name, DateTimeOffset time) =>
        Write(writer, name, time, "yyyy-MM-dd'T'HH:mm:ss'Z'");

    private static void Write(Utf8JsonWriter writer, string name, DateTimeOffset time, string format)
    {
        Span<byte> text = stackalloc byte[32];
        time.UtcDateTime.TryFormat(text, out var length, format, CultureInfo.InvariantCulture);
        writer.WriteString(name, text[..length]);
    }
}
