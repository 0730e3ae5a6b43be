using Mintmark.Releases;

namespace Mintmark.Run;

/// <summary>Why instances stop and exit, as the log says it.</summary>
public static class RunReasons
{
    public const string NotNeeded = "no longer needed";

    public static string NotHealthy(TimeSpan since) => $"not healthy for {since.TotalSeconds:0} s";

    public static string MemoryExceeded(long used, long limit) =>
        $"memory limit exceeded: {Mebibytes(used)} of {Mebibytes(limit)} MiB";

    public static string Exited(int? code) =>
        code switch
        {
            null => "its process is gone",
            > 128 and < 160 => $"ended by signal {code - 128}",
            _ => $"exited with {code}",
        };

    /// <summary>It ended because we wanted it to and not because something was wrong with it.</summary>
    internal static bool Wanted(Instance exited) => exited.Note == NotNeeded;

    private static long Mebibytes(long bytes) => bytes >> 20;
}
