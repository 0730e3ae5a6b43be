using Mintmark.Releases;
using Mintmark.Server;
using Xunit;

namespace Mintmark.Tests.Server;

public sealed class WhenAuthorsAreTold : IDisposable
{
    private readonly Home home = new(Directory.CreateTempSubdirectory("mintmark-told-").FullName);

    public void Dispose() => Directory.Delete(home.Root, recursive: true);

    [Theory]
    [InlineData(SourceSummary.MostAuthors, true)]
    [InlineData(SourceSummary.MostAuthors + 1, false)]
    public void NoneIsLeftOutOfAListThatIsCut(int authors, bool told)
    {
        var addresses = new CommitAddresses(home);
        var commits = Enumerable.Range(0, authors).Select(i => new CommitText($"{i:x40}", "one", $"p{i}@example.com"));
        var team = Releases.Story.Given(
            Enumerable
                .Range(0, authors)
                .Select(i =>
                    Releases.People.Added($"p{i}", Role.Engineer) with
                    {
                        Addresses = [addresses.Digest($"p{i}@example.com")],
                    }
                )
        );

        var found = addresses.Authors(team, Facts([.. commits]));

        Assert.Equal(told ? authors : null, found?.Persons.Count);
        Assert.Equal(told ? 0 : null, found?.Unknown);
    }

    [Fact]
    public void NobodyIsToldOfAHistoryThatIsNotWhole()
    {
        var facts = Facts([new CommitText(new string('a', 40), "one", "p@example.com")]);
        var addresses = new CommitAddresses(home);

        Assert.Equal(1, addresses.Authors(State.Empty, facts)?.Unknown);
        Assert.Null(addresses.Authors(State.Empty, facts with { IsWhole = false }));
    }

    private static SourceFacts Facts(IReadOnlyList<CommitText> commits) =>
        new(CommitSignature.None, true, [], null, commits, null);
}
