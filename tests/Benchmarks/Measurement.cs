namespace DropboxOktaProvisioning.Benchmarks;

/// <summary>One line of the table.</summary>
/// <param name="Group">The benchmark's name, as <c>--only</c> takes it.</param>
/// <param name="What">What was measured.</param>
/// <param name="Value">The number with its unit and its spread.</param>
/// <param name="Bound">What it is held to; empty where there is no bound yet.</param>
/// <param name="IsOver">Whether it misses the bound.</param>
internal sealed record Measurement(string Group, string What, string Value, string Bound = "", bool IsOver = false)
{
    /// <summary>A drawing that goes with it, below the table; empty for none.</summary>
    public string Picture { get; init; } = "";
}
