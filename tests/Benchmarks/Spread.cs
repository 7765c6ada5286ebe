using System.Globalization;

namespace DropboxOktaProvisioning.Benchmarks;

/// <summary>Several runs of one measurement. The median counts, because other work on the machine only ever adds to a run.</summary>
internal sealed class Spread
{
    private readonly double[] _sorted;

    public Spread(IEnumerable<double> runs) => _sorted = [.. runs.Order()];

    public double Median => (_sorted[(_sorted.Length - 1) / 2] + _sorted[_sorted.Length / 2]) / 2;

    public double Maximum => _sorted[^1];

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Median:0.#} ({_sorted[0]:0.#}–{_sorted[^1]:0.#}, n={_sorted.Length})");
}
