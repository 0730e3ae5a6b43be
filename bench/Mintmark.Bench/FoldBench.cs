using System.Diagnostics;
using System.Text.Json;
using Mintmark.Journal;
using Mintmark.Releases;

namespace Mintmark.Bench;

/// <summary>
/// A million entries of whole releases, from the log's bytes to the state, in a process that is set up as a control
/// plane is: most of such a start is code that runs for the first time.
/// </summary>
internal static class FoldBench
{
    /// <summary>The bench of the process that folds; nobody else asks for it.</summary>
    public const string Itself = "fold-itself";

    private const int Entries = 1_000_000;

    public static async Task<Figure> RunAsync()
    {
        var file = Path.GetTempFileName();
        try
        {
            var self = new ProcessStartInfo(
                "dotnet",
                ["exec", "--runtimeconfig", Beside("mint.runtimeconfig.json"), Beside("Mintmark.Bench.dll")]
            )
            {
                ArgumentList = { Itself, "--json", file },
                RedirectStandardOutput = true,
            };
            using var process = Process.Start(self)!;
            await process.WaitForExitAsync();
            using var json = JsonDocument.Parse(await File.ReadAllTextAsync(file));
            var took = json.RootElement.GetProperty("figures")[0].GetProperty("value").GetDouble();
            return Figure.AtMost("fold of 1,000,000 entries", took, "s", 3);
        }
        finally
        {
            File.Delete(file);
        }
    }

    public static Figure Run()
    {
        var entries = SampleLog.Entries(Entries);
        var began = Stopwatch.GetTimestamp();
        var state = Replay.Fold(State.Empty, entries);
        var took = Stopwatch.GetElapsedTime(began).TotalSeconds;
        Invariant.Require(state.Size == Entries, "everything is folded");
        return Figure.Reported("fold of 1,000,000 entries, here", took, "s");
    }

    private static string Beside(string file) => Path.Combine(AppContext.BaseDirectory, file);
}
