using System.Text;
using Mintmark.Evidence;
using Mintmark.Releases;
using Mintmark.Server;
using Xunit;

namespace Mintmark.Tests.Evidence;

public sealed class WhenTestCasesAreManaged
{
    private static readonly ServiceName Bank = new("bank");

    private readonly HashSet<int> served = [];
    private (CaseBook Book, string Digest)? latest;
    private int builds;

    private CaseBook Book => latest!.Value.Book;

    [Fact]
    public void ACaseOfAVersionThatWasInServiceIsMissedWhenItGoes()
    {
        Built("tree-1", ("Ledger.Sums", 'P'), ("Ledger.Keeps", 'P'));
        served.Add(1);
        Built("tree-2", ("Ledger.Sums", 'P'));

        Assert.Equal(["Ledger.Keeps"], Book.Summary(null).Missing);
        Assert.Equal((1, "missing"), (Book.Summary(null).Cases, StateOf("Ledger.Keeps")));
        Built("tree-3", ("Ledger.Sums", 'P'));
        Assert.Equal(["Ledger.Keeps"], Book.Summary(null).Missing);
    }

    [Fact]
    public void ACaseThatOnlyARefusedVersionHadIsNot()
    {
        Built("tree-1", ("Ledger.Tried", 'F'));
        Built("tree-2", ("Ledger.Sums", 'P'));

        Assert.Empty(Book.Summary(null).Missing);
        Assert.Equal("gone", StateOf("Ledger.Tried"));
    }

    [Fact]
    public void ARetiredCaseIsNotMissedUntilItHasComeBackAndGoneAgain()
    {
        Built("tree-1", ("Ledger.Sums", 'P'), ("Ledger.Keeps", 'P'));
        served.Add(1);
        Built("tree-2", ("Ledger.Sums", 'P'));
        var retired = Retired("Ledger.Keeps", after: 2);

        Assert.Empty(Book.Summary(retired).Missing);
        Assert.Equal("retired", StateOf("Ledger.Keeps", retired));
        Built("tree-3", ("Ledger.Sums", 'P'), ("Ledger.Keeps", 'P'));
        served.Add(3);
        Built("tree-4", ("Ledger.Sums", 'P'));
        Assert.Equal(["Ledger.Keeps"], Book.Summary(retired).Missing);
    }

    [Fact]
    public void ASmokeResultStandsInForNothing()
    {
        Built("tree-1", ("Ledger.Sums", 'P'), ("Ledger.Keeps", 'P'));
        served.Add(1);
        Built("tree-2", smoke: ["Ledger.Keeps"], ran: [("Ledger.Sums", 'P')]);

        Assert.Equal(["Ledger.Keeps"], Book.Summary(null).Missing);
        Assert.Equal("passed", Book.Cases.Single(c => c.Id == "Ledger.Keeps").Smoke);
        Assert.Null(CaseBook.Next(Version("tree-3", [new RanSuite("smoke", [])]), Links(), latest, _ => true));
    }

    [Theory]
    [InlineData("PF", "a b", null)]
    [InlineData("PFP", "a b c", null)]
    [InlineData("PFPFP", "a b c d e", "it went 4 times from passed to failed or back in 5 versions")]
    [InlineData("PSFP-FP", "a b c d e f g", "it went 4 times from passed to failed or back in 5 versions")]
    [InlineData("PF", "a a", "it passed and failed on one tree of files, in bank-2 and bank-1")]
    [InlineData("PP", "a a", null)]
    [InlineData("PR", "a b", "it passed only when tried again in bank-2")]
    public void ACaseIsFlakyForAReason(string results, string trees, string? reason)
    {
        foreach (var (result, tree) in results.Zip(trees.Split(' ')))
            Built(tree, result == '-' ? [("Ledger.Other", 'P')] : [("Ledger.Sums", result)]);

        Assert.Equal(reason, Book.Cases.Single(c => c.Id == "Ledger.Sums").Flaky);
    }

    [Fact]
    public void TheBookIsReadAsItWasWrittenAndRemembersTwentyVersions()
    {
        for (var i = 0; i < 25; i++)
            Built($"tree-{i}", ("Ledger.Sums \"é\"", 'P'));
        var bytes = Book.ToJson();

        Assert.Equal(bytes, CaseBook.Read("cases.json", bytes).ToJson());
        Assert.Equal((20, 20), (Book.Versions.Count, Book.Cases[0].Results.Length));
        Assert.Equal(new Mark(Bank, 1), Book.Cases[0].First);
        Assert.Equal(
            "cases.json, line 2: it is no book of test cases",
            Assert.Throws<MaterialsException>(() => CaseBook.Read("cases.json", "{\n x"u8.ToArray())).Message
        );
    }

    [Fact]
    public void ARequirementIsVerifiedByAnnotationNameOrFile()
    {
        var links = Links(
            "id,title\nPAY-1,Round\nPAY-2,Keep\nPAY-3,Sum\nPAY-4,Nothing\n",
            "case,requirement\nLedger.Sum*,PAY-3\n"
        );
        Built(
            links,
            new("Ledger.PAY_1_SHA_256", CaseResult.Passed, 1, [], []),
            new("Ledger.Keeps", CaseResult.Passed, 1, ["PAY-2", "PAY-9"], []),
            new("Ledger.Sums", CaseResult.Passed, 1, [], ["PAY-1", "fast"]),
            new("Ledger.Later", CaseResult.Skipped, 1, ["PAY-4"], [])
        );

        var answer = CaseAnswers.Of(Book, null, null);
        Assert.Equal(["PAY-4"], answer.Unverified);
        Assert.Equal(
            [
                ("PAY-1", "name"),
                ("PAY-2", "annotation"),
                ("PAY-9", "annotation"),
                ("PAY-1", "annotation"),
                ("PAY-3", "file"),
            ],
            answer
                .All.Where(c => c.Id != "Ledger.Later")
                .OrderBy(c => c.Id == "Ledger.Sums")
                .ThenBy(c => c.Id != "Ledger.PAY_1_SHA_256")
                .SelectMany(c => c.Verifies)
                .Select(v => (v.Requirement, v.By))
        );
        Assert.Equal(
            ["verified", "verified", "verified", "not-verified", "verified"],
            answer.Requirements.Select(r => r.State)
        );
        Assert.False(answer.Requirements.Single(r => r.Id == "PAY-9").Known);
        Assert.Equal(["Ledger.Keeps"], CaseAnswers.Of(Book, null, "PAY-2").All.Select(c => c.Id));
    }

    [Fact]
    public void RequirementsOfTheVersionsOwnCommitsComeFirst()
    {
        var links = Links("id,title\nPAY-1,a\nPAY-7,b\n", null, "PAY-7 round");
        Built(links, new RanCase("Ledger.Sums", CaseResult.Passed, 1, [], []));

        Assert.Equal(["PAY-7", "PAY-1"], Book.Summary(null).Unverified);
    }

    [Theory]
    [InlineData("m.csv", "a,b\nx,y", "m.csv, line 1: accepted: names of columns, case and requirement")]
    [InlineData("m.csv", "case,requirement\nx", "m.csv, line 2: it has 1 fields, not 2")]
    [InlineData("m.csv", "case,requirement\n\n,PAY-1", "m.csv, line 3: accepted: a case and what it verifies")]
    [InlineData("m.csv", "case,requirement\nx,\"PAY", "m.csv, line 2: a quote is not closed")]
    [InlineData("m.json", "{}", "m.json, as a whole: accepted: a list")]
    [InlineData("m.json", """[{"case":"x"}]""", "m.json, [0]: it has no requirement")]
    [InlineData("m.json", """[{"case":1,"requirement":"y"}]""", "m.json, [0].case: accepted: text")]
    [InlineData("m.json", "[\n{]", "m.json, line 2: it is no JSON, or has a property twice")]
    public void ADamagedFileOfCasesIsNamedWithThePlace(string file, string text, string complaint) =>
        Assert.Equal(
            complaint,
            Assert.Throws<MaterialsException>(() => CaseMap.Read(file, Encoding.UTF8.GetBytes(text))).Message
        );

    private void Built(string tree, params (string Id, char Result)[] ran) => Built(tree, [], ran);

    private void Built(string tree, string[] smoke, (string Id, char Result)[] ran)
    {
        var cases = ran.Select(r => new RanCase(r.Id, ResultOf(r.Result), 1, [], []));
        var quick = smoke.Select(id => new RanCase(id, CaseResult.Passed, 1, [], []));
        Next(Version(tree, [new RanSuite("smoke", [.. quick]), new RanSuite("full", [.. cases])]), Links());
    }

    private void Built(SourceLinks links, params RanCase[] cases) =>
        Next(Version($"tree-{builds}", [new RanSuite("full", cases)]), links);

    private void Next(BuiltVersion version, SourceLinks links) =>
        latest = (CaseBook.Next(version, links, latest, mark => served.Contains(mark.Number))!, $"sha256:{builds}");

    private BuiltVersion Version(string tree, IReadOnlyList<RanSuite> ran)
    {
        builds++;
        return Made.Version with
        {
            Mark = new Mark(Bank, builds),
            Source = Made.Version.Source with { Tree = tree },
            Artifact = Made.Version.Artifact with { BuiltAt = At(builds) },
            Manifest = Made.Version.Manifest with
            {
                Requirements = new RequirementsPlan(
                    "requirements.csv",
                    RequirementsPlan.DefaultPattern,
                    RequirementsPlan.DefaultTrailers,
                    new CasesPlan("cases.csv")
                ),
            },
            Ran = ran,
        };
    }

    private static DateTimeOffset At(int build) => DateTimeOffset.UnixEpoch.AddHours(build);

    private static Dictionary<string, Retirement> Retired(string id, int after) =>
        new() { [id] = new Retirement(At(after).AddMinutes(1), new Actor("alice"), "replaced") };

    private string StateOf(string id, Dictionary<string, Retirement>? retired = null) =>
        CaseAnswers.Of(Book, retired, null).All.Single(c => c.Id == id).State;

    private static SourceLinks Links(string? requirements = null, string? cases = null, params string[] messages) =>
        SourceLinks.Of(
            Made.Facts(messages.Length == 0 ? ["tidy"] : messages) with
            {
                RequirementsFile = requirements is null ? null : Encoding.UTF8.GetBytes(requirements),
                CasesFile = cases is null ? null : Encoding.UTF8.GetBytes(cases),
            },
            new RequirementsPlan("requirements.csv", RequirementsPlan.DefaultPattern, RequirementsPlan.DefaultTrailers)
        );

    private static CaseResult ResultOf(char letter) =>
        letter switch
        {
            'P' => CaseResult.Passed,
            'F' => CaseResult.Failed,
            'R' => CaseResult.Retried,
            _ => CaseResult.Skipped,
        };
}
