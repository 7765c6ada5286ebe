using System.Globalization;

namespace DropboxOktaProvisioning;

/// <summary>What a run takes: requests, time and notices, as foreseen or as it came.</summary>
public record ProvisioningEffort
{
    /// <summary>How many requests go to Okta.</summary>
    public int OktaRequests { get; init; }

    /// <summary>How many requests go to Dropbox.</summary>
    public int DropboxRequests { get; init; }

    /// <summary>How long reading takes, both services side by side; null where that is not known.</summary>
    public TimeSpan? Reading { get; init; }

    /// <summary>How many notices leave, foreseen also those of later days and hours; null before that is known.</summary>
    public int? Notices { get; init; }

    /// <summary>How long the notices take to leave; null where neither the senders' limits nor an hour that is waited for are known.</summary>
    public TimeSpan? Sending { get; init; }

    /// <inheritdoc/>
    public sealed override string ToString()
    {
        var reading = string.Create(CultureInfo.InvariantCulture, $"{OktaRequests + DropboxRequests:N0} requests{About(Reading)}");
        return Notices is { } notices ? string.Create(CultureInfo.InvariantCulture, $"{reading}; {notices:N0} notices{About(Sending)}") : reading;
    }

    private static string About(TimeSpan? time) => time switch
    {
        null => "",
        { TotalSeconds: < 1 } => ", under a second",
        { TotalSeconds: < 1.5 } => ", about a second",
        { TotalSeconds: < 100 } some => string.Create(CultureInfo.InvariantCulture, $", about {some.TotalSeconds:0} seconds"),
        { TotalMinutes: < 100 } some => string.Create(CultureInfo.InvariantCulture, $", about {some.TotalMinutes:0} minutes"),
        { TotalHours: < 48 } some => string.Create(CultureInfo.InvariantCulture, $", about {some.TotalHours:0} hours"),
        { } some => string.Create(CultureInfo.InvariantCulture, $", about {some.TotalDays:0.#} days"),
    };
}

/// <summary>What a run will take, and what each number rests on.</summary>
public sealed record ProvisioningForecast : ProvisioningEffort
{
    /// <summary>Why each number is what it is, by its name.</summary>
    public IReadOnlyList<ForecastBasis> Basis { get; init => field = Indexable.Of(value); } = [];
}

/// <summary>What a number of a forecast rests on.</summary>
/// <param name="Name">The number's name, such as <c>OktaRequests</c>.</param>
/// <param name="RestsOn">What it was reckoned from, in a sentence.</param>
public sealed record ForecastBasis(string Name, string RestsOn)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {RestsOn}";
}
