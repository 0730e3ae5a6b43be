using Mintmark.Journal;
using Mintmark.Releases;
using Xunit;
using static Mintmark.Tests.Releases.Bank;

namespace Mintmark.Tests.Releases;

public sealed class WhenManyEntriesAreFolded
{
    private static readonly Event[] Mixed =
    [
        .. InService(2),
        .. Ramping(3, 2),
        Outcomes(3, 0, "gateway/1", 17),
        Outcomes(3, 0, "gateway/2", 4),
        Outcomes(3, 0, "gateway/1", 12),
        GoodEnough(3, 0),
        Outcomes(2, 0, "gateway/1", 1),
        Outcomes(3, 0, "gateway/1", 19),
        Step(3, 1),
        Outcomes(3, 1, "gateway/2", 30),
        Outcomes(2, 1, "gateway/2", 7),
    ];

    [Fact]
    public void TheStateIsThatOfOneByOneAfterEveryEntry()
    {
        var state = State.Empty;
        for (var count = 1; count <= Mixed.Length; count++)
        {
            state = Fold.Apply(state, Entry(Mixed[count - 1]));
            var folding = new Folding(State.Empty);
            foreach (var what in Mixed[..count])
                folding.Add(Entry(what));
            Assert.Equal((count, EntryCodec.Digest(state)), (folding.State.Size, EntryCodec.Digest(folding.State)));
        }
    }

    [Fact]
    public void LookingAtTheStateMeanwhileChangesNothing()
    {
        var looked = new Folding(State.Empty);
        foreach (var what in Mixed)
        {
            var before = looked.State.Size;
            looked.Add(Entry(what));
            Assert.Equal(before + 1, looked.State.Size);
        }

        var applied = Mixed.Select(Entry).Aggregate(State.Empty, Fold.Apply);
        Assert.Equal(EntryCodec.Digest(applied), EntryCodec.Digest(looked.State));
    }

    [Fact]
    public void CountsOfWhatIsNotThereAreRefusedAtOnce()
    {
        var folding = new Folding(Story.Given(Mixed));
        folding.Add(Entry(Outcomes(3, 1, "gateway/2", 31)));

        Assert.Throws<KeyNotFoundException>(() => folding.Add(Entry(Outcomes(9, 0, "gateway/1", 1))));
        Assert.Throws<ArgumentOutOfRangeException>(() => folding.Add(Entry(Outcomes(3, 9, "gateway/1", 1))));
        Assert.Equal(Mixed.Length + 1, folding.State.Size);
    }

    private static Entry Entry(Event what) => new(Story.Noon, Story.Alice, what);
}
