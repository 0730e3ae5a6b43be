using System.Diagnostics;
using Mintmark.Journal;
using Mintmark.Releases;

namespace Mintmark.Bench;

/// <summary>A million entries of whole releases, from the log's bytes to the state.</summary>
internal static class FoldBench
{
    private const int Entries = 1_000_000;

    public static Figure Run()
    {
        var entries = SampleLog.Entries(Entries);
        var began = Stopwatch.GetTimestamp();
        var state = Replay.Fold(State.Empty, entries);
        var took = Stopwatch.GetElapsedTime(began).TotalSeconds;
        Invariant.Require(state.Size == Entries, "everything is folded");
        return Figure.AtMost("fold of 1,000,000 entries", took, "s", 3);
    }
}
