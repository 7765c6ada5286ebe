using System.Collections.Concurrent;
using System.Collections.Frozen;
using TimeZoneConverter;

namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>In which time zone somebody lives: the profile's, else those of the country, else the sender's.</summary>
public sealed class PersonClock
{
    // ISO 3166 countries with the zones of IANA's zone.tab that differ in their clocks today; of several the one where most live comes first.
    private static readonly FrozenDictionary<string, string[]> Countries = """
        AE Asia/Dubai;AL Europe/Tirane;AM Asia/Yerevan;AR America/Argentina/Buenos_Aires;AT Europe/Vienna;BA Europe/Sarajevo;BD Asia/Dhaka;BE Europe/Brussels
        BG Europe/Sofia;BH Asia/Bahrain;BO America/La_Paz;BY Europe/Minsk;CH Europe/Zurich;CI Africa/Abidjan;CM Africa/Douala;CN Asia/Shanghai;CO America/Bogota
        CR America/Costa_Rica;CY Asia/Nicosia;CZ Europe/Prague;DE Europe/Berlin;DK Europe/Copenhagen;DO America/Santo_Domingo;DZ Africa/Algiers;EE Europe/Tallinn
        EG Africa/Cairo;ET Africa/Addis_Ababa;FI Europe/Helsinki;FR Europe/Paris;GB Europe/London;GE Asia/Tbilisi;GH Africa/Accra;GR Europe/Athens
        GT America/Guatemala;HK Asia/Hong_Kong;HN America/Tegucigalpa;HR Europe/Zagreb;HU Europe/Budapest;IE Europe/Dublin;IL Asia/Jerusalem;IN Asia/Kolkata
        IS Atlantic/Reykjavik;IT Europe/Rome;JM America/Jamaica;JO Asia/Amman;JP Asia/Tokyo;KE Africa/Nairobi;KR Asia/Seoul;KW Asia/Kuwait;LB Asia/Beirut
        LI Europe/Vaduz;LK Asia/Colombo;LT Europe/Vilnius;LU Europe/Luxembourg;LV Europe/Riga;MA Africa/Casablanca;MC Europe/Monaco;MD Europe/Chisinau
        ME Europe/Podgorica;MK Europe/Skopje;MT Europe/Malta;MU Indian/Mauritius;MY Asia/Kuala_Lumpur;NG Africa/Lagos;NI America/Managua;NL Europe/Amsterdam
        NO Europe/Oslo;NP Asia/Kathmandu;OM Asia/Muscat;PA America/Panama;PE America/Lima;PH Asia/Manila;PK Asia/Karachi;PL Europe/Warsaw;PR America/Puerto_Rico
        PY America/Asuncion;QA Asia/Qatar;RO Europe/Bucharest;RS Europe/Belgrade;RW Africa/Kigali;SA Asia/Riyadh;SE Europe/Stockholm;SG Asia/Singapore
        SI Europe/Ljubljana;SK Europe/Bratislava;SN Africa/Dakar;SV America/El_Salvador;TH Asia/Bangkok;TN Africa/Tunis;TR Europe/Istanbul;TW Asia/Taipei
        TZ Africa/Dar_es_Salaam;UA Europe/Kyiv;UG Africa/Kampala;UY America/Montevideo;UZ Asia/Tashkent;VE America/Caracas;VN Asia/Ho_Chi_Minh;ZA Africa/Johannesburg
        ZM Africa/Lusaka;ZW Africa/Harare;AU Australia/Sydney,Australia/Brisbane,Australia/Adelaide,Australia/Darwin,Australia/Perth
        BR America/Sao_Paulo,America/Manaus,America/Rio_Branco,America/Noronha;CA America/Toronto,America/Halifax,America/St_Johns,America/Winnipeg,America/Edmonton,America/Vancouver
        CL America/Santiago,Pacific/Easter;EC America/Guayaquil,Pacific/Galapagos;ES Europe/Madrid,Atlantic/Canary;ID Asia/Jakarta,Asia/Makassar,Asia/Jayapura
        KZ Asia/Almaty;MN Asia/Ulaanbaatar,Asia/Hovd;MX America/Mexico_City,America/Cancun,America/Hermosillo,America/Tijuana;NZ Pacific/Auckland,Pacific/Chatham
        PT Europe/Lisbon,Atlantic/Azores;RU Europe/Moscow,Europe/Kaliningrad,Europe/Samara,Asia/Yekaterinburg,Asia/Novosibirsk,Asia/Irkutsk,Asia/Yakutsk,Asia/Vladivostok,Asia/Kamchatka
        US America/New_York,America/Chicago,America/Denver,America/Phoenix,America/Los_Angeles,America/Anchorage,Pacific/Honolulu
        """.Split([';', '\n'], StringSplitOptions.TrimEntries).Select(line => line.Split(' ')).ToFrozenDictionary(
            line => line[0], line => line[1].Split(','), StringComparer.OrdinalIgnoreCase);

    private readonly TimeZoneInfo[] _sender;
    private readonly ConcurrentDictionary<string, TimeZoneInfo[]> _known = new(StringComparer.OrdinalIgnoreCase);

    private PersonClock(TimeZoneInfo sender) => _sender = [sender];

    /// <summary>With the sender's time zone as the last resort.</summary>
    /// <param name="senderTimeZone">By its IANA or its Windows name; null for this machine's.</param>
    /// <exception cref="ProvisioningException">InvalidTimeZone.</exception>
    public static PersonClock Of(string? senderTimeZone) => new(
        senderTimeZone is null ? TimeZoneInfo.Local : Zone(senderTimeZone) ?? throw new ProvisioningException(
            ErrorIds.InvalidTimeZone, ProblemCategory.InvalidArgument, $"'{MailText.OneLine(senderTimeZone, 60)}' is no time zone.", senderTimeZone,
            "Give an IANA name such as Europe/Berlin, or a Windows one such as 'W. Europe Standard Time'."));

    /// <summary>The sender's time zone by a name that finds it again; null where it has none, as a machine's own may.</summary>
    public string? SenderTimeZone => Zone(_sender[0].Id)?.Id;

    /// <summary>Whether the sender's clock shows the same as another's at any time.</summary>
    internal bool IsLike(PersonClock other) => _sender[0].HasSameRules(other._sender[0]);

    /// <summary>The zones that somebody may live in; at least one.</summary>
    internal IReadOnlyList<TimeZoneInfo> Zones(string? timeZone, string? countryCode) => Known(timeZone, OfZone) ?? Known(countryCode, OfCountry) ?? _sender;

    private TimeZoneInfo[]? Known(string? text, Func<string, TimeZoneInfo[]> find) =>
        string.IsNullOrWhiteSpace(text) ? null : _known.GetOrAdd(text.Trim(), find) is { Length: > 0 } zones ? zones : null;

    private static TimeZoneInfo[] OfZone(string text) => Zone(text) is { } zone ? [zone] : [];

    private static TimeZoneInfo[] OfCountry(string text) => [.. Countries.GetValueOrDefault(text, []).Select(Zone).OfType<TimeZoneInfo>()];

    private static TimeZoneInfo? Zone(string text) => TZConvert.TryGetTimeZoneInfo(text.Trim(), out var zone) ? zone : null;
}
