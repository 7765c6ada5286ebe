using System.Text;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using Fluid;
using Fluid.Values;

namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>One parsed template. It can only put values in place: no code, no files, a bounded number of steps and of characters.</summary>
internal sealed partial class TemplateFile
{
    /// <summary>The most characters that a template may have, and that it may become.</summary>
    public const int LongestText = 256 * 1024;

    private const int MostSteps = 20_000;
    private const int LongestValue = 16 * 1024;

    private static readonly TemplateParser Parser = new();

    // A misspelt name must not leave a gap in a mail to everybody.
    private static readonly TemplateOptions Options = new()
    {
        MaxSteps = MostSteps,
        StrictVariables = true,
        StrictFilters = true,
        Assigned = Bounded,
        Captured = Bounded,
    };

    static TemplateFile() => Options.Filters.AddFilter(
        "number", (input, _, context) => new StringValue(input.ToNumberValue().ToString("N0", context.CultureInfo)));

    private readonly string _file;
    private readonly IFluidTemplate _template;
    private readonly TextEncoder _encoder;

    private TemplateFile(string file, string source, IFluidTemplate template, TextEncoder encoder)
    {
        _file = file;
        Source = source;
        _template = template;
        _encoder = encoder;
    }

    /// <summary>Its text.</summary>
    public string Source { get; }

    /// <summary>Parses a template.</summary>
    /// <param name="file">The file's name, for errors.</param>
    /// <param name="source">Its text.</param>
    /// <param name="encoder">How values are written into the text.</param>
    /// <exception cref="ProvisioningException">It is not Liquid (TemplateInvalid, with line and column).</exception>
    public static TemplateFile Parse(string file, string source, TextEncoder encoder)
    {
        if (source.Length > LongestText) throw Invalid(file, FormattableString.Invariant($"is longer than {LongestText} characters"));
        if (Parser.TryParse(source, out var template, out var error))
        {
            var guard = new TemplateGuard();
            guard.VisitTemplate(template);
            return guard.Problem is null ? new TemplateFile(file, source, template, encoder) : throw Invalid(file, guard.Problem);
        }

        // Fluid says "… at (line:column)" and then quotes the line.
        var first = error.Split('\n')[0].Trim();
        var place = Place().Match(first);
        throw Invalid(
            file,
            place.Success
                ? $"has an error in line {place.Groups[1].Value}, column {place.Groups[2].Value}: {first[..place.Index].TrimEnd()}"
                : "has an error: " + first);
    }

    /// <summary>The text with the values in place.</summary>
    /// <param name="values">The values, by name.</param>
    /// <param name="language">The language in whose way numbers are written.</param>
    /// <exception cref="ProvisioningException">It asks for a value that is not there, or does not end (TemplateInvalid).</exception>
    public string Render(IReadOnlyDictionary<string, object?> values, string language)
    {
        var context = new TemplateContext(Options) { CultureInfo = NoticeLanguage.CultureOf(language) };
        foreach (var (name, value) in values) context.SetValue(name, value);
        using var writer = new BoundedWriter(LongestText, Source.Length);
        try
        {
            // Nothing in it waits: the values are in memory and so is the text.
            var rendering = _template.RenderAsync(writer, _encoder, context);
            if (!rendering.IsCompleted) throw new InvalidOperationException("A template must not wait.");
            rendering.GetAwaiter().GetResult();
        }
        catch (Exception exception) when (exception is OverflowException or OutOfMemoryException)
        {
            throw Invalid(_file, FormattableString.Invariant($"becomes longer than {LongestText} characters"), exception);
        }
        catch (Exception exception) when (exception is FluidException or InvalidOperationException or ArgumentException or FormatException or IOException)
        {
            var why = exception.Message.Contains("recursion", StringComparison.Ordinal) ? "it does not come to an end" : exception.Message;
            throw Invalid(_file, "cannot be filled in: " + why, exception);
        }

        return writer.ToString();
    }

    /// <summary>The problem with a template.</summary>
    public static ProvisioningException Invalid(string file, string what, Exception? inner = null) => new(
        ErrorIds.TemplateInvalid, ProblemCategory.InvalidData, $"The template '{file}' {what}.", file,
        "Mend the template, or begin again from a copy of the built-in one: those lie in the module's folder, under module/templates. Nothing was sent.", inner);

    // A text that is appended to itself doubles with each step.
    private static ValueTask<FluidValue> Bounded(string name, FluidValue value, TemplateContext context) =>
        value.Type != FluidValues.String || value.ToStringValue().Length <= LongestValue ? ValueTask.FromResult(value) : throw new OverflowException();

    [GeneratedRegex(@"at \((\d+):(\d+)\)")]
    private static partial Regex Place();

    /// <summary>A text that refuses to grow without end.</summary>
    private sealed class BoundedWriter(int longest, int likely) : TextWriter
    {
        private readonly StringBuilder _text = new(likely);

        public override Encoding Encoding => Encoding.Unicode;

        public override void Write(char value) => Grown(1).Append(value);

        public override void Write(char[] buffer, int index, int count) => Grown(count).Append(buffer, index, count);

        public override void Write(ReadOnlySpan<char> buffer) => Grown(buffer.Length).Append(buffer);

        public override void Write(string? value) => Grown(value?.Length ?? 0).Append(value);

        public override Task WriteAsync(char value)
        {
            Write(value);
            return Task.CompletedTask;
        }

        public override Task WriteAsync(string? value)
        {
            Write(value);
            return Task.CompletedTask;
        }

        public override Task WriteAsync(char[] buffer, int index, int count)
        {
            Write(buffer, index, count);
            return Task.CompletedTask;
        }

        public override Task FlushAsync() => Task.CompletedTask;

        public override string ToString() => _text.ToString();

        private StringBuilder Grown(int by) => _text.Length + by <= longest ? _text : throw new OverflowException();
    }
}
