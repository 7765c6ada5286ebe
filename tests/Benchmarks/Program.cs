using System.Text.Json;
using DropboxOktaProvisioning.Benchmarks;

// A child's whole standard output is its result.
if (args is [ChildProcess.Argument, var child, .. var rest])
{
    Console.Out.Write(JsonSerializer.Serialize(Suite.RunChild(child, rest)));
    return 0;
}

BenchmarkOptions options;
try
{
    options = BenchmarkOptions.Parse(args);
}
catch (FormatException problem)
{
    Console.Error.WriteLine(problem.Message);
    return 2;
}

if (options.ShowHelp)
{
    Console.Out.WriteLine(BenchmarkOptions.Help);
    return 0;
}

var measurements = await Suite.RunAsync(options.Only);
var table = ResultTable.Format(measurements);
Console.Out.Write(table);
Directory.CreateDirectory(Path.GetDirectoryName(Repository.Results)!);
await File.WriteAllTextAsync(Repository.Results, table);
return options.Strict && measurements.Any(measurement => measurement.IsOver) ? 1 : 0;
