using System.Globalization;

namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>How many mails one sender may hand over. Each mail has one recipient, so a limit on recipients is one on mails.</summary>
/// <param name="PerMinute">In any 60 seconds; null for no such limit.</param>
/// <param name="PerDay">In any 24 hours; null for no such limit.</param>
public sealed record SenderLimit(int? PerMinute, int? PerDay)
{
    private const int Most = 10_000_000;

    private static readonly Dictionary<string, SenderLimit> Named = new(StringComparer.OrdinalIgnoreCase)
    {
        // "Exchange Online limits", sending limits of a mailbox: message rate and recipient rate.
        ["ExchangeOnline"] = new(30, 10_000),
        // "Gmail sending limits in Google Workspace": messages of a paid account in a rolling day; no rate is published.
        ["GoogleWorkspace"] = new(null, 2_000),
        // "Amazon SES sandbox": one message a second, 200 a day. Outside of it each account has limits of its own.
        ["AmazonSesSandbox"] = new(60, 200),
    };

    /// <summary>No limit.</summary>
    internal static SenderLimit None { get; } = new(null, null);

    /// <summary>The limits that have a name, as their providers publish them. A provider may set others for one account.</summary>
    public static IReadOnlyCollection<string> Names => Named.Keys;

    /// <summary>Reads a name, or figures such as <c>30/min,10000/day</c>, <c>100/min</c> or <c>500/day</c>.</summary>
    /// <exception cref="ProvisioningException">It is neither (InvalidSenderLimit).</exception>
    public static SenderLimit Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Named.TryGetValue(text.Trim(), out var named)) return named;
        int? perMinute = null, perDay = null;
        foreach (var part in text.Split(','))
        {
            if (part.Split('/') is not [var figure, var unit] || !int.TryParse(figure.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                || number is 0 or > Most) throw Unknown(text);
            switch (unit.Trim().ToLowerInvariant())
            {
                case "min" or "minute" when perMinute is null:
                    perMinute = number;
                    break;
                case "day" when perDay is null:
                    perDay = number;
                    break;
                default:
                    throw Unknown(text);
            }
        }

        return new SenderLimit(perMinute, perDay);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(
        ',', new[] { Figure(PerMinute, "min"), Figure(PerDay, "day") }.Where(figure => figure is not null));

    private static string? Figure(int? number, string unit) => number is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known}/{unit}") : null;

    private static ProvisioningException Unknown(string text) => new(
        ErrorIds.InvalidSenderLimit, ProblemCategory.InvalidArgument, $"'{MailText.OneLine(text, 100)}' is no limit of a sender.", text,
        $"Give {string.Join(", ", Names)}, or figures such as 30/min,10000/day.");
}
