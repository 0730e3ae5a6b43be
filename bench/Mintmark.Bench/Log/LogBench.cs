namespace Mintmark.Bench;

/// <summary>The log beside a raw file, and what is built on it.</summary>
internal static class LogBench
{
    public static Task<IReadOnlyList<Figure>> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("mintmark-bench-").FullName;
        try
        {
            return Task.FromResult<IReadOnlyList<Figure>>([.. StartBench.Run(folder)]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
