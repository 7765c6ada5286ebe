namespace DropboxOktaProvisioning.Sandbox.State;

/// <summary>Where a person works, as the Okta profile tells it; any of it may be missing.</summary>
/// <param name="Department">The department.</param>
/// <param name="PreferredLanguage">The language chosen (<c>de-DE</c>).</param>
/// <param name="Locale">The locale (<c>de_DE</c>).</param>
/// <param name="TimeZone">The time zone (<c>Europe/Berlin</c>).</param>
/// <param name="CountryCode">The country (<c>DE</c>).</param>
/// <param name="Manager">The number of the manager, -1 for none.</param>
internal readonly record struct Workplace(string Department, string? PreferredLanguage, string? Locale, string? TimeZone, string? CountryCode, int Manager);

/// <summary>Draws where people work: half of them in English, the others in languages that notices have and in some that they do not have.</summary>
internal static class Workplaces
{
    private const int ReportsOfOne = 10;

    private static readonly string[] Departments = ["Engineering", "Sales", "Marketing", "Finance", "Forschung & Entwicklung"];

    private static readonly (string Locale, string TimeZone, string Country)[] Places =
    [
        ("en_US", "America/New_York", "US"), ("en_US", "America/Chicago", "US"), ("en_US", "America/Los_Angeles", "US"), ("en_GB", "Europe/London", "GB"),
        ("en_IN", "Asia/Kolkata", "IN"), ("en_AU", "Australia/Sydney", "AU"), ("de_DE", "Europe/Berlin", "DE"), ("fr_FR", "Europe/Paris", "FR"),
        ("es_ES", "Europe/Madrid", "ES"), ("es_MX", "America/Mexico_City", "MX"), ("ja_JP", "Asia/Tokyo", "JP"), ("pt_BR", "America/Sao_Paulo", "BR"),
    ];

    /// <summary>The person's.</summary>
    public static Workplace Of(WorldState world, int number)
    {
        var hash = world.Hash;
        var (locale, zone, country) = Places[hash.Below(Places.Length, number, 80)];
        return new Workplace(
            Departments[hash.Below(Departments.Length, number, 72)],
            hash.Chance(0.2, number, 81) ? locale.Replace('_', '-') : null,
            hash.Chance(0.9, number, 82) ? locale : null,
            hash.Chance(0.7, number, 83) ? zone : null,
            hash.Chance(0.9, number, 84) ? country : null,
            ManagerOf(world, number));
    }

    // A tree: the first of each ten leads the others, and somebody among the first tenth leads those.
    private static int ManagerOf(WorldState world, int number)
    {
        var first = number - (number % ReportsOfOne);
        var manager = number != first ? first : number / ReportsOfOne;
        return manager != number && world.PersonAt(manager).Okta != OktaStatus.None ? manager : -1;
    }
}
