using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;

namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>Language tags as profiles and folders spell them, and how each language writes days and numbers.</summary>
/// <remarks>The system's own culture data may be switched off (globalization-invariant mode), so what is needed of it stands here.</remarks>
internal static partial class NoticeLanguage
{
    /// <summary>The language of last resort, in which every template is there.</summary>
    public const string English = "en";

    private static readonly FrozenDictionary<string, CultureInfo> Cultures = new Dictionary<string, CultureInfo>
    {
        [English] = Culture("MMMM d, yyyy", ",", "January February March April May June July August September October November December"),
        ["en-gb"] = Culture("d MMMM yyyy", ",", "January February March April May June July August September October November December"),
        ["de"] = Culture("d. MMMM yyyy", ".", "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
        ["fr"] = Culture("d MMMM yyyy", "\u202f", "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
        ["es"] = Culture("d 'de' MMMM 'de' yyyy", ".", "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"),
        ["ja"] = Culture("yyyy年M月d日", ",", "1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月"),
    }.ToFrozenDictionary();

    private static readonly CultureInfo Other = Culture("yyyy-MM-dd", "", "1 2 3 4 5 6 7 8 9 10 11 12");

    /// <summary>The tag in one spelling (<c>de_DE</c> and <c>de-de</c> become <c>de-de</c>); null if it is none.</summary>
    public static string? Normal(string? text)
    {
        var tag = text?.Trim().Split('.', '@')[0].Replace('_', '-');
        return tag is not null && Tag().IsMatch(tag) ? tag.ToLowerInvariant() : null;
    }

    /// <summary>The tag and those that it is part of: <c>de-at</c>, <c>de</c>.</summary>
    public static IEnumerable<string> Chain(string tag)
    {
        for (var length = tag.Length; length > 0; length = tag.LastIndexOf('-', length - 1)) yield return tag[..length];
    }

    /// <summary>The tags that somebody would read, dearest first. A profile may hold a list as browsers send it (<c>de-CH,de;q=0.9</c>).</summary>
    public static IEnumerable<string> Wanted(string? profile) =>
        (profile ?? "").Split(',').Select(one => Normal(one.Split(';')[0])).OfType<string>().SelectMany(Chain);

    /// <summary>How the language writes numbers and days.</summary>
    public static CultureInfo CultureOf(string tag) => Chain(tag).Select(part => Cultures.GetValueOrDefault(part)).FirstOrDefault(known => known is not null) ?? Other;

    /// <summary>A day in words: <c>2. März 2026</c>; as 2026-03-02 in a language that is not known here.</summary>
    public static string Day(DateTime day, string tag)
    {
        var culture = CultureOf(tag);
        var text = day.ToString("D", culture);
        return day.Day == 1 && ReferenceEquals(culture, Cultures["fr"]) ? "1er" + text[1..] : text;
    }

    private static CultureInfo Culture(string day, string group, string months)
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        string[] names = [.. months.Split(' '), ""];
        (culture.DateTimeFormat.MonthNames, culture.DateTimeFormat.MonthGenitiveNames, culture.DateTimeFormat.LongDatePattern) = (names, names, day);
        culture.NumberFormat.NumberGroupSeparator = group;
        return CultureInfo.ReadOnly(culture);
    }

    [GeneratedRegex("^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")]
    private static partial Regex Tag();
}
