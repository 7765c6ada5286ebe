using System.Net.Http.Headers;

namespace DropboxOktaProvisioning.Engine.Http;

/// <summary>Makes JSON bodies.</summary>
internal static class JsonBody
{
    public static HttpContent Of(byte[] json) => new ByteArrayContent(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
}
