namespace DropboxOktaProvisioning.Benchmarks;

/// <summary>What the command line asks for.</summary>
internal sealed record BenchmarkOptions(IReadOnlyList<string> Only, bool Strict, bool ShowHelp)
{
    public static string Help => $"""
        Measures the built module and prints one table; also written to artifacts/benchmarks/results.md.

        Usage: dotnet run -c Release --project tests/Benchmarks [-- options]

          --only NAMES   some of them, comma-separated: {string.Join(", ", Suite.Names)}
          --strict       exit code 1 if a number is over its bound
          --help         this text
        """;

    /// <exception cref="FormatException">An argument is wrong; the message says which.</exception>
    public static BenchmarkOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new BenchmarkOptions(Suite.Names, Strict: false, ShowHelp: false);
        for (var i = 0; i < arguments.Count; i++)
        {
            options = arguments[i] switch
            {
                "--help" or "-h" or "-?" => options with { ShowHelp = true },
                "--strict" => options with { Strict = true },
                "--only" when i + 1 < arguments.Count => options with { Only = Names(arguments[++i]) },
                "--only" => throw new FormatException("--only needs a value."),
                var other => throw new FormatException($"'{other}' is not an option. See --help."),
            };
        }

        return options;
    }

    private static string[] Names(string list)
    {
        var names = list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return Array.Find(names, name => !Suite.Names.Contains(name)) is { } unknown
            ? throw new FormatException($"'{unknown}' is not a benchmark. Known are {string.Join(", ", Suite.Names)}.")
            : names;
    }
}
