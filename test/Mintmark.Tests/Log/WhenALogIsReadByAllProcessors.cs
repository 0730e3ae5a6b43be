using Mintmark.Log;
using Xunit;

namespace Mintmark.Tests.Log;

public sealed class WhenALogIsReadByAllProcessors
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_024)]
    [InlineData(100_000)]
    public void ResultsComeInTheOrderOfTheLog(int entries)
    {
        var read = EntryChunks.Each(Entries(entries), chunk => chunk.Select(e => e.Index).ToList());

        Assert.Equal(Enumerable.Range(0, entries).Select(i => (long)i), read.SelectMany(index => index));
    }

    [Fact]
    public void ReadingGoesNoFurtherAheadThanAFewChunks()
    {
        var farthest = (2 * Environment.ProcessorCount + 1) * 1_024;
        var last = 0L;
        var entries = Entries(1_000_000).Select(e => Watched(e, ref last));

        foreach (var index in EntryChunks.Each(entries, chunk => chunk[^1].Index))
        {
            Assert.InRange(Volatile.Read(ref last) - index, 0, farthest);
            if (index > 100_000)
                break;
        }
        Assert.InRange(last, 100_000, 100_000 + 1_024 + farthest);
    }

    [Fact]
    public void WhatComesBeforeADamageIsGivenOutFirst()
    {
        var damaged = Entries(10_000)
            .Select(e => e.Index < 5_000 ? e : throw new LogCorruptException("is damaged", 5_000));
        var given = new List<long>();

        var wrong = Assert.Throws<LogCorruptException>(() =>
        {
            foreach (var index in EntryChunks.Each(damaged, chunk => chunk[^1].Index))
                given.Add(index);
        });

        Assert.Equal(5_000, wrong.Index);
        Assert.Equal([1_023L, 2_047, 3_071, 4_095], given);
    }

    [Fact]
    public void WhatGoesWrongInTheWorkIsThrownAsItIs()
    {
        var read = EntryChunks.Each(
            Entries(10_000),
            chunk => chunk[0].Index < 4_096 ? 1 : throw new LogCorruptException("is damaged", chunk[0].Index)
        );

        Assert.Equal(4_096, Assert.Throws<LogCorruptException>(() => read.Sum()).Index);
    }

    static IEnumerable<StoredEntry> Entries(int count) =>
        Enumerable.Range(0, count).Select(i => new StoredEntry(i, [], default));

    static StoredEntry Watched(StoredEntry entry, ref long last)
    {
        Volatile.Write(ref last, entry.Index);
        return entry;
    }
}
