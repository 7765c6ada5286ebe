using System.Runtime.Versioning;

namespace DropboxOktaProvisioning.Engine.Tests;

/// <summary>What is written about people is for its owner alone.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class OwnerOnlyTests : IDisposable
{
    private const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _root = Directory.CreateTempSubdirectory("owner-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [SkippableTheory]
    [InlineData(FileMode.Create)]
    [InlineData(FileMode.CreateNew)]
    [InlineData(FileMode.OpenOrCreate)]
    public void A_new_file_is_for_its_owner_alone_from_its_first_byte_on(FileMode mode)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no Unix modes.");
        var path = Path.Combine(_root, "people.csv");

        using (var file = OwnerOnly.Open(path, mode))
        {
            Assert.Equal(Mine, File.GetUnixFileMode(path));
            file.WriteByte(1);
        }

        Assert.Equal((Mine, 1L), (File.GetUnixFileMode(path), new FileInfo(path).Length));
    }

    [SkippableFact]
    public void A_file_that_is_there_keeps_the_rights_that_somebody_gave_it()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no Unix modes.");
        var path = Path.Combine(_root, "people.csv");
        File.WriteAllText(path, "old");
        File.SetUnixFileMode(path, Mine | UnixFileMode.GroupRead);

        OwnerOnly.Open(path, FileMode.Create).Dispose();

        Assert.Equal((Mine | UnixFileMode.GroupRead, 0L), (File.GetUnixFileMode(path), new FileInfo(path).Length));
    }

    [SkippableFact]
    public void New_folders_are_for_their_owner_alone_with_those_above_and_one_that_is_there_stays_as_it_is()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no Unix modes.");
        File.SetUnixFileMode(_root, (UnixFileMode)0b111_101_101);

        OwnerOnly.CreateFolder(Path.Combine(_root, "a", "b"));
        OwnerOnly.CreateFolder(_root);

        Assert.Equal(Mine | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(_root, "a", "b")));
        Assert.Equal(Mine | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(_root, "a")));
        Assert.Equal((UnixFileMode)0b111_101_101, File.GetUnixFileMode(_root));
    }
}
