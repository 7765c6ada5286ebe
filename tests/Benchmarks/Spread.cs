using System.Globalization;

namespace DropboxOktaProvisioning.Benchmarks;

/// <summary>Several runs of one measurement. The median counts, because other work on the machine only ever adds to a run.</summary>
internal sealed class Spread
{
    private readonly double[] _sorted;

    public Spread(IEnumerable<double> runs) => _sorted = [.. runs.Order()];

    public double Median => (_sorted[(_sorted.Length - 1) / 2] + _sorted[_sorted.Length / 2]) / 2;

    public double Maximum => _sorted[^1];

    /// <param name="decimals">How many decimals the numbers get.</param>
    public string ToString(int decimals)
    {
        string Text(double number) => number.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return $"{Text(Median)} ({Text(_sorted[0])}–{Text(_sorted[^1])}, {_sorted.Length})";
    }

    public override string ToString() => ToString(1);
}
