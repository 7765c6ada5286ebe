namespace DropboxOktaProvisioning;

/// <summary>Lists as PowerShell can index them: what the compiler makes of a collection expression has no index that it sees.</summary>
internal static class Indexable
{
    /// <summary>The list as an array; the same one where it is one already.</summary>
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(list))]
    public static T[]? Of<T>(IReadOnlyList<T>? list) => list is null ? null : list as T[] ?? [.. list];
}
