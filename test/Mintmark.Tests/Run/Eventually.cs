using System.Diagnostics;
using Xunit;

namespace Mintmark.Tests.Run;

/// <summary>Waits on the thing itself, within bounds.</summary>
static class Eventually
{
    static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    public static async Task HoldsAsync(Func<bool> condition, string what)
    {
        var since = Stopwatch.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < Bound, $"not within {Bound.TotalSeconds} s: {what}");
            await tick.WaitForNextTickAsync();
        }
    }

    public static async Task<T> GivesAsync<T>(Func<T?> look, string what)
        where T : class
    {
        T? found = null;
        await HoldsAsync(() => (found = look()) is not null, what);
        return found!;
    }
}
