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
    [InlineData(
        "r.csv",
        "name\na",
        "r.csv, line 1: accepted: names of columns, one of them issue key, key, iid, number, issue id, id"
    )]
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

    /// <summary>The usual columns of Jira, Azure DevOps, GitLab and GitHub.</summary>
    [Theory]
    [InlineData("r.csv", "Summary,Issue key,Issue id,Labels,Labels\nRound down,PAY-1,10001,a,b", "PAY-1")]
    [InlineData("r.json", """{"issues":[{"id":"10001","key":"PAY-1","fields":{"summary":"Round down"}}]}""", "PAY-1")]
    [InlineData(
        "r.csv",
        "\uFEFF\"ID\",\"Work Item Type\",\"Title\",\"State\"\n\"12\",\"Story\",\"Round down\",\"New\"",
        "AB#12"
    )]
    [InlineData("r.json", """{"value":[{"id":12,"fields":{"System.Title":"Round down"}}]}""", "AB#12")]
    [InlineData("r.csv", "Title,Description,Issue ID,URL,State\nRound down,\"x\ny\",12,https://x.example,Open", "#12")]
    [InlineData("r.json", """[{"id":99,"iid":12,"title":"Round down"}]""", "#12")]
    [InlineData("r.json", """[{"id":"I_k","number":12,"title":"Round down"}]""", "#12")]
    [InlineData("r.csv", "ID;Title\n12;Round down", "#12")]
    public void ATrackersExportIsRead(string file, string text, string id)
    {
        var plan = Plan with { File = file, Pattern = "(AB)?#[0-9]+|[A-Z]+-[0-9]+" };
        var links = SourceLinks.Of(Facts(text, $"{id} round"), plan);

        Assert.Empty(links.Unknown);
        var statement = SourceStatement.Of(Made.Version, links).ToJsonString();
        Assert.Contains("\"title\":\"Round down\"", statement, StringComparison.Ordinal);
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
