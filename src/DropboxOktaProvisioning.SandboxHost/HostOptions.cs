using System.Globalization;

namespace DropboxOktaProvisioning.SandboxHost;

/// <summary>What the command line asks for.</summary>
public sealed record HostOptions
{
    /// <summary>The help text.</summary>
    public const string Help = """
        Serves a simulated Okta org and Dropbox team on a loopback port, until Ctrl+C.

        Usage: DropboxOktaProvisioning.SandboxHost [options]

          --port N        the port; 0 takes a free one (default 0)
          --users N       how many people, 1 to 2000000 (default 200)
          --seed N        what the world is drawn from (default 1)
          --age DAYS      how long ago the world began, 0 to 80; what was due since has happened (default 0)
          --latency MS    how long every answer takes, in milliseconds (default 0)
          --faults SPEC   what goes wrong, for example 429:0.1,500:0.05,reset:0.02,truncate:0.01,seed:7
                          names: 429 concurrency 500 reset lost truncate cut empty slow cursor hang html;
                          each with a rate from 0 to 1;
                          seed:N; and wait:N, the seconds that a 429 asks to wait (20)
          --okta-limit N  how many requests a minute each of Okta's rate buckets has
          --okta-scopes LIST     what Okta's service app may be granted, comma-separated
          --dropbox-scopes LIST  what the Dropbox tokens may do, comma-separated
          --consent WHAT  what the person does who is asked to allow the Dropbox app: allowed, denied, userLink or otherState
          --help          this text

        It prints, a line each: okta ADDRESS, dropbox ADDRESS, the made-up credentials, and ready.
        """;

    /// <summary>The port, 0 for a free one.</summary>
    public int Port { get; init; }

    /// <summary>How many people.</summary>
    public int Users { get; init; } = 200;

    /// <summary>The seed.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How long ago the world began.</summary>
    public TimeSpan Age { get; init; }

    /// <summary>How long every answer takes.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>The faults, as <see cref="Sandbox.SandboxFaults.Apply"/> reads them.</summary>
    public string Faults { get; init; } = "";

    /// <summary>How many requests a minute each of Okta's rate buckets has; null for so many that nobody meets them.</summary>
    public int? OktaLimit { get; init; }

    /// <summary>What Okta's service app may be granted; null for what the commands need.</summary>
    public IReadOnlySet<string>? OktaScopes { get; init; }

    /// <summary>What the Dropbox tokens may do; null for what the commands need.</summary>
    public IReadOnlySet<string>? DropboxScopes { get; init; }

    /// <summary>What the person does who is asked to allow the Dropbox app.</summary>
    public Sandbox.DropboxConsent Consent { get; init; }

    /// <summary>Whether only the help is asked for.</summary>
    public bool ShowHelp { get; init; }

    /// <summary>Reads the command line.</summary>
    /// <param name="arguments">The arguments; <c>--name value</c> or <c>--name=value</c>.</param>
    /// <exception cref="FormatException">One of them is wrong; the message says which.</exception>
    public static HostOptions Parse(IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var options = new HostOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            var equals = arguments[i].IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? arguments[i] : arguments[i][..equals];
            if (name is "--help" or "-h" or "-?") return options with { ShowHelp = true };
            if (name is not ("--port" or "--users" or "--seed" or "--age" or "--latency" or "--faults" or "--okta-limit" or "--okta-scopes" or "--dropbox-scopes" or "--consent"))
                throw new FormatException($"'{arguments[i]}' is not an option. See --help.");
            if (equals < 0 && i + 1 == arguments.Count) throw new FormatException($"{name} needs a value.");
            var value = equals < 0 ? arguments[++i] : arguments[i][(equals + 1)..];
            options = name switch
            {
                "--port" => options with { Port = Number(name, value, 0, 65_535) },
                "--users" => options with { Users = Number(name, value, 1, 2_000_000) },
                "--seed" => options with { Seed = Number(name, value, int.MinValue, int.MaxValue) },
                "--age" => options with { Age = TimeSpan.FromDays(Number(name, value, 0, 80)) },
                "--latency" => options with { Latency = TimeSpan.FromMilliseconds(Number(name, value, 0, 600_000)) },
                "--consent" => options with
                {
                    Consent = Enum.TryParse<Sandbox.DropboxConsent>(value, ignoreCase: true, out var consent) && Enum.IsDefined(consent) ? consent
                        : throw new FormatException($"--consent must be one of {string.Join(", ", Enum.GetNames<Sandbox.DropboxConsent>())}, not '{value}'."),
                },
                "--okta-limit" => options with { OktaLimit = Number(name, value, 1, 1_000_000) },
                "--okta-scopes" => options with { OktaScopes = Names(value) },
                "--dropbox-scopes" => options with { DropboxScopes = Names(value) },
                _ => options with { Faults = value },
            };
        }

        return options;
    }

    private static HashSet<string> Names(string list) => [.. list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];

    private static int Number(string name, string value, int minimum, int maximum) =>
        int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum
            ? number
            : throw new FormatException(
                string.Create(CultureInfo.InvariantCulture, $"{name} must be a whole number from {minimum} to {maximum}, not '{value}'."));
}
