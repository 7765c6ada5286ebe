using System.Management.Automation;
using DropboxOktaProvisioning.Engine.Notices;

namespace DropboxOktaProvisioning.Connections;

/// <summary>Which journal a command uses: the one that is named, else the sandbox's own while one runs, else the user's.</summary>
internal static class JournalChoice
{
    /// <summary>Where it is.</summary>
    public static JournalLocation For(PSCmdlet command, string? path) =>
        path is not null ? JournalLocation.File(command.GetUnresolvedProviderPathFromPSPath(path))
        : Session.Current.Sandbox is { } sandbox ? JournalLocation.InMemory(sandbox.JournalName)
        : JournalLocation.Default;

    /// <summary>The time that it is kept in: a rehearsal's own while one runs.</summary>
    public static TimeProvider Time => Session.Current.Sandbox?.Clock ?? TimeProvider.System;
}
