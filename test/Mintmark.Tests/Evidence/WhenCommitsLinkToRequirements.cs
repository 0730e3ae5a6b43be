using System.Text;
using System.Text.Json.Nodes;
using Mintmark.Evidence;
using Mintmark.Releases;
using Xunit;

namespace Mintmark.Tests.Evidence;

public sealed class WhenCommitsLinkToRequirements
{
    private static readonly RequirementsPlan Plan = new(
        "requirements.csv",
        RequirementsPlan.DefaultPattern,
        RequirementsPlan.DefaultTrailers
    );

    [Fact]
    public void IdsAreTakenFromFirstLinesAndTrailers()
    {
        var links = Of(
            "PAY-12: round down\n\nSee PAY-99, which is another matter.\n\nRefs: PAY-13, PAY-14\nSigned-off-by: PAY-98",
            "tidy\n\nrefs: PAY-12",
            "a hurry"
        );

        Assert.Equal(["PAY-12", "PAY-13", "PAY-14"], links.Ids);
        Assert.Equal([$"{2:x40}"], links.Unlinked);
    }

    [Fact]
    public void TheSummaryIsWhatTheLogHas()
    {
        var links = SourceLinks.Of(Facts("id,title\nPAY-12,Round down\n", "PAY-12 a", "PAY-13 b", "c"), Plan);

        Assert.Equivalent(
            new SourceSummary(SignatureState.Unsigned, 3, ["PAY-12", "PAY-13"], ["PAY-13"], [$"{2:x40}"]),
            links.Summary(),
            strict: true
        );
    }

    [Fact]
    public void WithoutARequestNothingIsNamed() =>
        Assert.Null(SourceLinks.Of(Made.Facts("PAY-1 a", "b"), null).Summary().Unlinked);

    [Theory]
    [InlineData("requirements.csv", "Key,Owner,Summary\r\nPAY-1,x,\"Round, \"\"down\"\"\nalways\"\r\n\r\nPAY-2,y,Two")]
    [InlineData(
        "requirements.json",
        """[{"key":"PAY-1","summary":"Round, \"down\"\nalways"},{"ID":"PAY-2","title":"Two"}]"""
    )]
    public void TitlesComeFromCsvOrJson(string file, string text)
    {
        var links = SourceLinks.Of(Facts(text, "PAY-1"), Plan with { File = file });

        Assert.Equal("Round, \"down\" always", links.Titles!["PAY-1"]);
        Assert.Equal("Two", links.Titles["PAY-2"]);
    }

    [Theory]
    [InlineData("r.csv", "name\na", "r.csv, line 1: accepted: names of columns, one of them id or key")]
    [InlineData("r.csv", "id,title\nPAY-1", "r.csv, line 2: it has 1 fields, not 2")]
    [InlineData("r.csv", "id\nPAY-1\nPAY-1", "r.csv, line 3: its id is empty, too long or there twice")]
    [InlineData("r.csv", "id,title\nPAY-1,\"open", "r.csv, line 2: a quote is not closed")]
    [InlineData("r.json", "{}", "r.json, as a whole: accepted: a list")]
    [InlineData("r.json", """[{"title":"a"}]""", "r.json, [0]: it has no id")]
    public void ADamagedFileIsNamedWithThePlace(string file, string text, string complaint)
    {
        var damaged = Assert.Throws<MaterialsException>(() =>
            SourceLinks.Of(Facts(text, "a"), Plan with { File = file })
        );

        Assert.Equal(complaint, damaged.Message);
    }

    [Fact]
    public void TheStatementNamesCommitsAndTitlesAndNoPeople()
    {
        var links = SourceLinks.Of(
            Facts("id,title\nPAY-12,Round down\n", "PAY-12 a\n\nSigned-off-by: Alice <alice@example.com>", "b"),
            Plan
        );
        var statement = SourceStatement.Of(Made.Version, links);

        var predicate = JsonNode.Parse(statement.ToJsonString())!["predicate"]!;
        Assert.Equal("Round down", (string)predicate["requirements"]![0]!["title"]!);
        Assert.Empty(predicate["commits"]![1]!["requirements"]!.AsArray());
        Assert.DoesNotContain("alice", statement.ToJsonString(), StringComparison.OrdinalIgnoreCase);
    }

    private static SourceLinks Of(params string[] messages) =>
        SourceLinks.Of(Made.Facts(messages), Plan with { File = null });

    private static SourceFacts Facts(string file, params string[] messages) =>
        Made.Facts(messages) with
        {
            RequirementsFile = Encoding.UTF8.GetBytes(file),
        };
}
