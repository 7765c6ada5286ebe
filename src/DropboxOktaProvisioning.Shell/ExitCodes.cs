namespace DropboxOktaProvisioning.Shell;

/// <summary>The exit codes of pwsh.</summary>
internal static class ExitCodes
{
    public const int Success = 0;
    public const int Failure = 1;

    /// <summary>An unknown option, or a script file that is not there (EX_USAGE of sysexits.h).</summary>
    public const int BadCommandLine = 64;

    /// <summary>128 and the number of SIGINT, as shells have it.</summary>
    public const int Interrupted = 130;
}
