namespace Mintmark.Bench;

/// <summary>The log beside a raw file, and what is built on it.</summary>
internal static class LogBench
{
    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("mintmark-bench-").FullName;
        try
        {
            return
            [
                .. await AppendBench.RunAsync(folder),
                .. VerifyBench.Run(),
                .. ProofBench.Run(folder),
                .. StartBench.Run(folder),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
