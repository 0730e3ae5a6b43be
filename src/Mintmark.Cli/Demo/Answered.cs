using Mintmark.Releases;

namespace Mintmark.Cli.Demo;

/// <summary>One request of a client and what came of it. Times in ticks of the monotonic clock.</summary>
/// <param name="Status">Null where no answer came.</param>
/// <param name="Mark">Of the version that answered; null where none did.</param>
/// <param name="Transfer">Number of the transfer that it made.</param>
internal sealed record Answered(long Begun, long Ended, int? Status, Mark? Mark, long? Transfer, string? Failure)
{
    public bool Ok => Status is 200 or 201;

    public TimeSpan Took => System.Diagnostics.Stopwatch.GetElapsedTime(Begun, Ended);
}
