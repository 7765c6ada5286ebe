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
    /// <summary>The base names of the two sets: for everybody, and for people with a personal account.</summary>
    public const string Ordinary = "Activation", PersonalAccount = "ActivationPersonalAccount";

    /// <summary>The ends of the file names of a set: subject, text and HTML.</summary>
    public static readonly string[] Parts = [".subject.liquid", ".text.liquid", ".html.liquid"];

    /// <summary>The texts of the files.</summary>
    public IEnumerable<string> Sources => [Subject.Source, Text.Source, Html.Source];

    /// <summary>Reads and parses a set; a file of the folder takes the place of the built-in one.</summary>
    public static TemplateSet Load(string name, string? folder)
    {
        TemplateFile Part(int part, TextEncoder encoder)
        {
            var file = name + Parts[part];
            var own = folder is null ? null : Path.Combine(folder, file);
            return own is not null && File.Exists(own)
                ? TemplateFile.Parse(own, ReadFile(own), encoder)
                : TemplateFile.Parse(file, NoticeTemplates.Read(file), encoder);
        }

        return new TemplateSet(Part(0, NullEncoder.Default), Part(1, NullEncoder.Default), Part(2, HtmlEncoder.Default));
    }

    /// <summary>Checks that a folder is there and holds at least one template.</summary>
    /// <exception cref="ProvisioningException">It is not there, or holds none (TemplateNotFound).</exception>
    public static void CheckFolder(string folder)
    {
        var what = !Directory.Exists(folder) ? "is not there"
            : !NoticeTemplates.FileNames.Any(file => File.Exists(Path.Combine(folder, file))) ? "holds no template"
            : null;
        if (what is null) return;
        throw new ProvisioningException(
            ErrorIds.TemplateNotFound, ProblemCategory.ObjectNotFound, $"The template folder '{folder}' {what}.", folder,
            $"Name a folder that holds one or more of: {string.Join(", ", NoticeTemplates.FileNames)}.");
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
