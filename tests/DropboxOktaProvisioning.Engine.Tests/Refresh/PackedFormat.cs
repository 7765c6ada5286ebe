namespace DropboxOktaProvisioning.Engine.Tests.Refresh;

internal static class PackedFormat
{
    /// <summary>The bytes of format 1.</summary>
    public const string Expected = "";
}
