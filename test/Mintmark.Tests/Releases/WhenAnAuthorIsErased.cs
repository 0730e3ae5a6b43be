using Mintmark.Releases;
using Xunit;
using static Mintmark.Tests.Releases.Bank;
using static Mintmark.Tests.Releases.Story;

namespace Mintmark.Tests.Releases;

public sealed class WhenAnAuthorIsErased
{
    private static readonly Source Committed = Commit with { Author = "sha256:" + new string('c', 64) };
    private static readonly Event Shipped = new Event.ShipRequested(Release(1), Mark(1), Committed, Declared, Why);
    private static readonly Command.EraseAuthor Erase = new([Mark(1)], Why);

    [Fact]
    public void TheLogSaysSoAndTheStateKnowsWhatToDelete()
    {
        var story = Given(Shipped).When(Erase).Then(new Event.AuthorErased([Mark(1)], Why));
        var source = story.State.Versions[Mark(1)].Source;
        Assert.True(source.IsAuthorErased());
        Assert.Equal(Source.ErasedAuthor + Committed.Author, source.Author);
    }

    [Fact]
    public void TwiceIsOnce() => Given(Shipped, new Event.AuthorErased([Mark(1)], Why)).When(Erase).Then();

    [Fact]
    public void AVersionThatIsNotThereIsRefused() =>
        Given(Shipped).When(new Command.EraseAuthor([Mark(1), Mark(2)], Why)).ThenRefused("unknown-version");

    [Fact]
    public void ANameInTheLogItselfCannotBeErased() =>
        Given(new Event.ShipRequested(Release(1), Mark(1), Commit, Declared, Why))
            .When(Erase)
            .ThenRefused("author-is-in-the-log");

    [Fact]
    public void AReasonIsAskedFor() => Given(Shipped).When(Erase with { Reason = " " }).ThenRefused("reason-required");
}
