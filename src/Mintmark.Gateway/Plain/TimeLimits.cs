namespace Mintmark.Gateway.Plain;

/// <summary>How long an instance may take, in milliseconds.</summary>
/// <param name="Head">From the request's last byte to the answer's head.</param>
/// <param name="Idle">Between two bytes of the answer.</param>
readonly record struct TimeLimits(long Connect, long Head, long Idle)
{
    public static readonly TimeLimits Usual = new(2_000, 100_000, 100_000);
}
