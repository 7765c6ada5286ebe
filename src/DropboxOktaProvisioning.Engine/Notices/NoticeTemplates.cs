using System.Text;

namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>The templates that are built in, as files to start one's own from.</summary>
public static class NoticeTemplates
{
    /// <summary>Every file name that a folder of templates may have: subject, text and HTML, for everybody and for people with a personal account.</summary>
    public static IReadOnlyList<string> FileNames { get; } =
        [.. new[] { TemplateSet.Ordinary, TemplateSet.PersonalAccount }.SelectMany(name => TemplateSet.Parts.Select(part => name + part))];

    /// <summary>The text of a built-in template.</summary>
    /// <param name="fileName">One of <see cref="FileNames"/>.</param>
    public static string Read(string fileName)
    {
        using var stream = typeof(NoticeTemplates).Assembly.GetManifestResourceStream("templates/" + fileName)
            ?? throw new ArgumentException($"There is no template '{fileName}'.", nameof(fileName));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
