namespace DropboxOktaProvisioning.Engine.Http;

/// <summary>How much of a rate limit this tool takes.</summary>
internal static class RateCeiling
{
    /// <summary>So many requests a window: the share of the limit, and at least one.</summary>
    public static long Of(long limit, int percent) => Math.Max(1, limit * percent / 100);
}
