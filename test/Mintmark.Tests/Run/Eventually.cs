using System.Diagnostics;
using Xunit;

namespace Mintmark.Tests.Run;

/// <summary>Waits on the thing itself, within bounds.</summary>
static class Eventually
{
    static readonly TimeSpan Bound = TimeSpan.FromMinutes(3);

    public static Task HoldsAsync(Func<bool> condition, string what) =>
        HoldsAsync(() => Task.FromResult(condition()), () => what);

    public static async Task HoldsAsync(Func<Task<bool>> condition, Func<string> what)
    {
        var since = Stopwatch.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < Bound, $"not within {Bound.TotalSeconds} s: {what()}");
            await tick.WaitForNextTickAsync();
        }
    }
}
