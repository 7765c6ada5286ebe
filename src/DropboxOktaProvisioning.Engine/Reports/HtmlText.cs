using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace DropboxOktaProvisioning.Engine.Reports;

/// <summary>Writes HTML: what stands in the source is markup, and whatever is put into it is text, whoever wrote it.</summary>
/// <param name="writer">Where it goes.</param>
internal sealed class HtmlText(TextWriter writer)
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly StringBuilder _piece = new();

    /// <summary>Writes markup with texts and numbers in it; attributes stand in double quotes.</summary>
    public void Write([InterpolatedStringHandlerArgument("")] ref Markup markup)
    {
        // The handler has filled the piece.
        writer.Write(_piece);
        _piece.Clear();
    }

    /// <summary>Writes markup that stands in the source.</summary>
    public void Write(string markup) => writer.Write(markup);

    private void Text(string? text)
    {
        if (!string.IsNullOrEmpty(text)) _piece.Append(Encoder.Encode(text));
    }

    /// <summary>The pieces of one markup, as the compiler hands them over.</summary>
    [InterpolatedStringHandler]
    internal readonly struct Markup
    {
        private readonly HtmlText _html;

        /// <summary>Begins one.</summary>
        public Markup(int literalLength, int formattedCount, HtmlText html) => _html = html;

        /// <summary>What stands in the source.</summary>
        public void AppendLiteral(string markup) => _html._piece.Append(markup);

        /// <summary>A text.</summary>
        public void AppendFormatted(string? text) => _html.Text(text);

        /// <summary>A count.</summary>
        public void AppendFormatted(int number) => _html.Text(number.ToString("N0", CultureInfo.InvariantCulture));

        /// <summary>A measure of a drawing.</summary>
        public void AppendFormatted(double number) => _html.Text(number.ToString("0.##", CultureInfo.InvariantCulture));
    }
}
