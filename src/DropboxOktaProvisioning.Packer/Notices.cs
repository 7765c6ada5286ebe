using System.Text;

namespace DropboxOktaProvisioning.Packer;

/// <summary>Whose libraries ship, under which licence, with its text: out of their packages where it lies there, else the well-known text of the one named.</summary>
internal static class Notices
{
    public const string FileName = "THIRD-PARTY-NOTICES.txt";

    public static string Write(Manifest manifest, IReadOnlyList<Library> libraries)
    {
        var text = new StringBuilder();
        text.Append($"{manifest.Name} {manifest.Version} brings along these libraries. Their licences are theirs.\n");
        var named = new SortedSet<string>(StringComparer.Ordinal);
        var told = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var library in libraries)
        {
            text.Append($"\n{new string('-', 80)}\n{library.Id} {library.Version}\n{library.Copyright}\n");
            if (library.ProjectUrl is not null) text.Append($"{library.ProjectUrl}\n");
            text.Append($"Licence: {library.Licence ?? library.LicenceUrl ?? "as below"}\nFiles: {string.Join(", ", library.Files.Select(Path.GetFileName).Distinct())}\n");
            if (library.LicenceText is not null) text.Append($"\n{library.LicenceText}\n");
            else if (library.Licence is not null) named.UnionWith(Names(library));
            if (library.Notices is null) continue;
            // Many packages of one maker bring along the same long text.
            if (told.TryAdd(library.Notices, library.Id)) text.Append($"\nIts own notices:\n\n{library.Notices}\n");
            else text.Append($"Its own notices: as those of {told[library.Notices]} above.\n");
        }

        foreach (var licence in named) text.Append($"\n{new string('=', 80)}\n{licence}\n\n{Text(licence)!.ReplaceLineEndings("\n").TrimEnd()}\n");
        return text.ToString();
    }

    // Of a choice, such as "MS-PL OR Apache-2.0", one whose text is here is enough.
    private static IEnumerable<string> Names(Library library)
    {
        var choices = library.Licence!.Split(" OR ").Select(one => one.Split([' ', '(', ')'], StringSplitOptions.RemoveEmptyEntries).Where(word => word is not ("AND" or "WITH")));
        return choices.FirstOrDefault(all => all.All(one => Text(one) is not null))
            ?? throw new PackException($"{library.Id} {library.Version} is under {library.Licence}, whose text is neither in its package nor in the packer's folder Licences. Put it there.");
    }

    private static string? Text(string licence)
    {
        using var resource = typeof(Notices).Assembly.GetManifestResourceStream(licence);
        if (resource is null) return null;
        using var reader = new StreamReader(resource);
        return reader.ReadToEnd();
    }
}
