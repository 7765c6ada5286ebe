namespace DropboxOktaProvisioning.Engine.Http;

/// <summary>Says until when a service asks to wait, where that was too long or too often.</summary>
internal static class RateLimitEnd
{
    /// <summary><c> until 2026-11-23 20:00:00Z</c>, or nothing where the answer does not say.</summary>
    public static string Words(FailedAnswer failed) =>
        RateLimit.AskedWait(failed.Response, failed.Now) is not { } wait ? ""
        : wait > DateTimeOffset.MaxValue - failed.Now ? " for longer than any calendar has"
        : $" until {failed.Now + wait:u}";
}
