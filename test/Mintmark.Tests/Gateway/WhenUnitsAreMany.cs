using Mintmark.Gateway;
using Xunit;

namespace Mintmark.Tests.Gateway;

public sealed class WhenUnitsAreMany
{
    [Fact]
    public void EachIsNewOnceAndSoIsEachThingThatIsBadAboutIt()
    {
        var memory = new UnitMemory();

        Assert.Equal(UnitMemory.Seen | 1, memory.Add(7, 1));
        Assert.Equal(0u, memory.Add(7, 1));
        Assert.Equal(2u, memory.Add(7, 3));
        Assert.Equal(0u, memory.Add(7, 0));
        Assert.Equal(UnitMemory.Seen, memory.Add(0, 0));
        Assert.Equal(0u, memory.Add(0, 0));
    }

    [Fact]
    public void ATenthOfItsPlacesAreRememberedAlmostToTheLast()
    {
        var memory = new UnitMemory();
        var units = Units(UnitMemory.Capacity / 10);

        var again = Count(memory, units);
        var forgotten = Count(memory, units);

        Assert.InRange(again, units.Length - 1, units.Length);
        Assert.InRange(forgotten, 0, 3);
    }

    [Fact]
    public void AMillionTakeNoMoreMemoryThanOneAndTheLatestAreKnown()
    {
        var memory = new UnitMemory();
        memory.Add(1, 1);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var units = Units(1_000_000);
        var own = GC.GetAllocatedBytesForCurrentThread() - before;
        Count(memory, units);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, own, own + 100_000);
        Assert.InRange(Count(memory, units[^20_000..]), 0, 1_500);
    }

    [Fact]
    public async Task ItIsNewToOneOnlyWhereManyAskAtOnce()
    {
        var memory = new UnitMemory();
        var units = Units(10_000);

        var counts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Count(memory, units))));

        Assert.Equal(units.Length, counts.Sum());
    }

    static int Count(UnitMemory memory, ulong[] units)
    {
        var found = 0;
        foreach (var unit in units)
        {
            if ((memory.Add(unit, 1) & 1) != 0)
                found++;
        }
        return found;
    }

    static ulong[] Units(int count)
    {
        var random = new Random(17);
        return [.. Enumerable.Range(0, count).Select(_ => (ulong)random.NextInt64(long.MinValue, long.MaxValue))];
    }
}
