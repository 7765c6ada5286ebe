using System.Text;

namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>The templates that are built in, as files to start one's own from.</summary>
public static class NoticeTemplates
{
    /// <summary>The languages of the built-in templates.</summary>
    public static IReadOnlyList<string> Languages { get; } = [NoticeLanguage.English, "de", "fr", "es", "ja"];

    /// <summary>Every file name that a folder of templates may have: subject, text and HTML of each kind.</summary>
    public static IReadOnlyList<string> FileNames { get; } = [.. TemplateSet.Names.SelectMany(name => TemplateSet.Parts.Select(part => name + part))];

    /// <summary>The text of a built-in template.</summary>
    /// <param name="language">One of <see cref="Languages"/>.</param>
    /// <param name="fileName">One of <see cref="FileNames"/>.</param>
    public static string Read(string language, string fileName)
    {
        using var stream = typeof(NoticeTemplates).Assembly.GetManifestResourceStream($"templates/{language}/{fileName}")
            ?? throw new ArgumentException($"There is no template '{language}/{fileName}'.", nameof(fileName));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>The built-in language that stands in for one: itself, the one that it is a region of, else English.</summary>
    internal static string BuiltInLanguage(string language) => NoticeLanguage.Chain(language).FirstOrDefault(Languages.Contains) ?? NoticeLanguage.English;

    /// <summary>Writes a built-in template to a folder, which is made where it is not there. The file appears whole or not at all.</summary>
    /// <param name="language">One of <see cref="Languages"/>.</param>
    /// <param name="fileName">One of <see cref="FileNames"/>.</param>
    /// <param name="folder">The folder of the language.</param>
    /// <param name="overwrite">Also where a file of that name is there.</param>
    /// <returns>The file's path.</returns>
    /// <exception cref="ProvisioningException">TemplateExists, or TemplateNotFound where it cannot be written.</exception>
    public static string Export(string language, string fileName, string folder, bool overwrite)
    {
        var path = Path.Combine(folder, fileName);
        var temporary = path + ".tmp";
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(temporary, Read(language, fileName));
            File.Move(temporary, path, overwrite);
            return path;
        }
        catch (IOException) when (!overwrite && File.Exists(path))
        {
            File.Delete(temporary);
            throw new ProvisioningException(
                ErrorIds.TemplateExists, ProblemCategory.ResourceExists, $"The template '{path}' is there already and stays as it is.", path,
                "Name another folder, or give -Force to put the built-in one in its place.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new ProvisioningException(
                ErrorIds.TemplateNotFound, ProblemCategory.ResourceUnavailable, $"The template '{path}' cannot be written: {exception.Message}", path,
                "Name a folder where this account may write.", exception);
        }
    }
}
