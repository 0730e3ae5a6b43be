using Mintmark.Releases;

namespace Mintmark.Gateway.Plain;

/// <summary>How long an instance may take, in milliseconds.</summary>
/// <param name="Head">From the request's last byte to the answer's head.</param>
/// <param name="Idle">Between two bytes of the answer.</param>
/// <param name="Total">From the request's coming to the answer's last byte; null for as long as it takes.</param>
readonly record struct TimeLimits(long Connect, long Head, long Idle, long? Total = null)
{
    private const long LongestWait = 5_000;

    /// <summary>A client that goes away after so long without an answer was let down.</summary>
    public long GivenUpAfter => Math.Min(Head / 2, LongestWait);

    public static TimeLimits Of(Timeouts? declared)
    {
        var given = declared ?? Timeouts.Usual;
        return new(
            given.ConnectMilliseconds,
            given.HeadersMilliseconds,
            given.IdleMilliseconds,
            given.TotalMilliseconds
        );
    }
}
