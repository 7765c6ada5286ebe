using System.Collections.Concurrent;
using System.Text;
using System.Text.Encodings.Web;
using Fluid;

namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>The words of one notice: subject, text and HTML.</summary>
/// <param name="Subject">The subject line.</param>
/// <param name="Text">The plain text.</param>
/// <param name="Html">The same as HTML.</param>
internal sealed record TemplateSet(TemplateFile Subject, TemplateFile Text, TemplateFile Html)
{
    /// <summary>The base names of the first notice: for everybody, and for people with a personal account.</summary>
    public const string Ordinary = "Activation", PersonalAccount = "ActivationPersonalAccount";

    /// <summary>The base names of what follows: reminders, the last of them, the mail to a manager, and the one to the helpdesk.</summary>
    public const string Reminder = "Reminder", LastReminder = "LastReminder", Escalation = "ManagerEscalation", Digest = "HelpdeskDigest";

    /// <summary>All of them.</summary>
    public static readonly string[] Names = [Ordinary, PersonalAccount, Reminder, LastReminder, Escalation, Digest];

    /// <summary>The ends of the file names of a set: subject, text and HTML.</summary>
    public static readonly string[] Parts = [".subject.liquid", ".text.liquid", ".html.liquid"];

    private static readonly TextEncoder[] Encoders = [NullEncoder.Default, NullEncoder.Default, HtmlEncoder.Default];

    private static readonly ConcurrentDictionary<(string Language, string File), TemplateFile> BuiltIn = new();

    /// <summary>The texts of the files.</summary>
    public IEnumerable<string> Sources => [Subject.Source, Text.Source, Html.Source];

    /// <summary>Reads and parses a set.</summary>
    /// <param name="name">Its base name.</param>
    /// <param name="language">The language.</param>
    /// <param name="own">The path of a file of one's own that takes the place of the built-in one; null for none.</param>
    public static TemplateSet Load(string name, string language, Func<string, string?> own)
    {
        TemplateFile Part(int part)
        {
            var file = name + Parts[part];
            return own(file) is { } path ? TemplateFile.Parse(path, ReadFile(path), Encoders[part]) : BuiltIn.GetOrAdd(
                (NoticeTemplates.BuiltInLanguage(language), file), key => TemplateFile.Parse($"{key.Language}/{file}", NoticeTemplates.Read(key.Language, file), Encoders[part]));
        }

        return new TemplateSet(Part(0), Part(1), Part(2));
    }

    private static string ReadFile(string path)
    {
        try
        {
            if (new FileInfo(path).Length > 4L * TemplateFile.LongestText) throw TemplateFile.Invalid(path, "is too large for a template");
            return File.ReadAllText(path, new UTF8Encoding(false, throwOnInvalidBytes: true));
        }
        catch (DecoderFallbackException exception)
        {
            throw TemplateFile.Invalid(path, "is not UTF-8 text", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ProvisioningException(
                ErrorIds.TemplateNotFound, ProblemCategory.ObjectNotFound, $"The template '{path}' cannot be read: {exception.Message}", path,
                "Check the file's rights.", exception);
        }
    }
}
