using CsCheck;

namespace DropboxOktaProvisioning.Engine.Tests;

/// <summary>
/// Tries what is read with random input: first from kept seeds, the same ones in every run, then from new ones. The environment variable FUZZ_CASES sets how
/// many, <c>build.ps1 -Task Fuzz</c> makes it 1,000,000 each. A failure prints its seed, to be kept with the fuzz that found it.
/// </summary>
internal static class Fuzz
{
    private static readonly long Cases = long.TryParse(Environment.GetEnvironmentVariable("FUZZ_CASES"), out long cases) ? cases : 20_000;

    private static readonly string[] Kept =
    [
        "9UTurB-iDMm0", "3NKYTb_BfwJ1", "dGCriNZTTh42", "7ztVKnZav1r3", "1slo9ZYt6NO4", "blcSBzXLKy95", "5e4l19X2miw6", "f6XPsLWk_2T7", "8-PhUlVDBPe8", "2UGMjXUWdzB9", "cNyeLxUcRjYa", "6GpJb7Tvt4jb",
        "0zhbCJSO4QGc", "as8G2jS4IB1d", "4l08tVRnkloe", "edTCVvQFY5Lf", "86L5l5PYzS6g", "1-CzMHPfbCth", "bUu2chOxPmQi", "5NlwDTNQr7bj", "fGc-3tN72Tyk", "9z4tv3MpGDVl", "3rXXWFLIiogm", "dkPqmfK_W8Dn",
    ];

    /// <summary>Tries it.</summary>
    /// <param name="cases">Where the input comes from.</param>
    /// <param name="isRight">Whether all is as it should be; also false where it threw.</param>
    /// <param name="found">Seeds that once found something.</param>
    public static void Try<T>(Gen<T> cases, Func<T, bool> isRight, params string[] found)
    {
        foreach (string seed in Kept.Concat(found)) cases.Sample(isRight, seed: seed, iter: 1, threads: 1);
        cases.Sample(isRight, iter: Cases);
    }

    /// <summary>The same of what waits for a file.</summary>
    public static async Task TryAsync<T>(Gen<T> cases, Func<T, Task<bool>> isRight, params string[] found)
    {
        foreach (string seed in Kept.Concat(found)) await cases.SampleAsync(isRight, seed: seed, iter: 1, threads: 1);
        await cases.SampleAsync(isRight, iter: Cases);
    }

    /// <summary>Whether this thread allocates no more than so many bytes while it does that.</summary>
    public static bool Within(long bytes, Func<bool> work)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        return work() && GC.GetAllocatedBytesForCurrentThread() - before <= bytes;
    }
}
