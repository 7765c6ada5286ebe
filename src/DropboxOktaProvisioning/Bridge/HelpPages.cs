namespace DropboxOktaProvisioning.Bridge;

/// <summary>Where the commands' pages are read online: the one place to change when they are published elsewhere.</summary>
internal static class HelpPages
{
    /// <summary>The address of the folder <c>module/help</c>, with a slash at its end.</summary>
    public const string At = "https://dropboxoktaprovisioning.example/help/";
}
