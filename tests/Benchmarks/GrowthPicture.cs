using System.Globalization;
using System.Text;

namespace DropboxOktaProvisioning.Benchmarks;

/// <summary>How time and memory grow with the number of people: bars on a logarithmic scale, where linear growth is the same step from size to size.</summary>
internal static class GrowthPicture
{
    private const int Width = 60;

    /// <summary>One size.</summary>
    public readonly record struct Point(int People, double Seconds, double Megabytes);

    public static string Draw(IReadOnlyList<Point> points)
    {
        var text = new StringBuilder();
        Draw(text, "wall, s", points, point => point.Seconds, "0.00");
        Draw(text, "memory over idle, MB", points, point => point.Megabytes, "0");
        return text.ToString();
    }

    private static void Draw(StringBuilder text, string title, IReadOnlyList<Point> points, Func<Point, double> value, string format)
    {
        var (least, most) = (points.Min(value), points.Max(value));
        var decades = Math.Max(1, Math.Log10(most / Math.Max(least, 1e-3)));
        text.AppendLine(CultureInfo.InvariantCulture, $"{title} (a full bar step of {Width / decades:0} characters is ten times as much)");
        Point? before = null;
        foreach (var point in points)
        {
            var length = 1 + (int)((Width - 1) * Math.Log10(Math.Max(value(point), 1e-3) / Math.Max(least, 1e-3)) / decades);
            var step = before is { } last ? $"  × {value(point) / value(last):0.0} for × {point.People / (double)last.People:0}" : "";
            text.AppendLine(CultureInfo.InvariantCulture, $"{point.People,10:N0} {new string('█', Math.Max(1, length))} {value(point).ToString(format, CultureInfo.InvariantCulture)}{step}");
            before = point;
        }
    }
}
