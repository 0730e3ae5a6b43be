using System.Text.Json;
using Mintmark.Cli;
using Mintmark.Releases;
using Mintmark.Server;
using Mintmark.Tests.House;
using Mintmark.Watch;
using Xunit;

namespace Mintmark.Tests.Cli;

public sealed class WhenTheDocumentsAreRead
{
    private static readonly string[] Maps =
    [
        "troubles",
        "tallies",
        "roles",
        "set",
        "serves",
        "norms",
        "packages",
        "reasons",
    ];

    /// <summary>By heading of docs/json.md: what the program prints there.</summary>
    public static TheoryData<string, string> Printed()
    {
        var story = Story.OnTheRamp();
        return new TheoryData<string, string>
        {
            { "up", Shapes.ToText(new Started("a", "b", "c")) },
            { "down", Shapes.ToText(new Stopped("a")) },
            { "init", Shapes.ToText(new Initialized("a", new ServiceName("bank"), "valuation")) },
            {
                "halt, resume, freeze, thaw, advance, approve, refuse, review, enforce, observe, log erase, "
                    + "cases retire",
                Shapes.ToText(new Done(new ReleaseId(1), 2, true, "a"))
            },
            { "person add, person change, person remove", Shapes.ToText(new PersonDone(new PersonName("a"), "b", 1)) },
            { "person list", Shapes.ToText(PeopleOf()) },
            { "show, ship, rollback", Shapes.ToText(story.Answer(2, "log", "last")) },
            { "status", Shapes.ToText(StatusOf(story)) },
            { "trace", Shapes.ToText(TraceOf(story)) },
            {
                "log verify",
                Shapes.ToText(
                    new LogVerdict("a", "b", 1, "c", "d", true, true, [new("what", 1, "file")], ["note"], ["key"])
                    {
                        Witnesses = [new("a", 1, Story.Beginning)],
                    }
                )
            },
            { "witness", Shapes.ToText(new Witnessing("a", "b")) },
            { "verdict replay", Shapes.ToText(ReplayOf(story)) },
            {
                "log prove",
                Shapes.ToText(
                    new ProvedEntry("file", "a", 1, 2, "b", JsonDocument.Parse("{}").RootElement, "c")
                    {
                        Handovers = "d",
                    }
                )
            },
            { "log rotate-key", Shapes.ToText(new KeyRotated(1, "a") { Standbys = "b" }) },
            {
                "log verify --slice",
                Shapes.ToText(new SliceVerdict("a", "b", 1, 2, 3, 4, "c", true, [new("what", 1, "file")]))
            },
            { "log export", Shapes.ToText(new LogExported("a", 1, "b")) },
            { "gate", Shapes.ToText(WhenTheGateIsAsked.Answer) },
            { "profiles NAME", Shapes.ToText(WhenTheGateIsAsked.Banking) },
            { "controls", Shapes.ToText(ControlsAnswer.Of("pci-dss", "consumer-banking")) },
            { "assess", Shapes.ToText(WhenTheGateIsAsked.Assessed) },
            { "cases", Shapes.ToText(EvidenceShapes.Cases) },
            { "components", Shapes.ToText(EvidenceShapes.Components) },
            { "advisories status, advisories fetch", Shapes.ToText(EvidenceShapes.Advisories) },
            { "evidence export", Shapes.ToText(new EvidenceExported(new(new("bank"), 1), "a", ["b"])) },
            {
                "evidence verify",
                Shapes.ToText(new EvidenceVerified("a", "b", new(new("bank"), 1), true, ["c"], ["d"]))
            },
        };
    }

    [Theory]
    [MemberData(nameof(Printed))]
    public void EachShapeIsTheOneThatIsPrinted(string heading, string printed)
    {
        var section = Section("docs/json.md", $"## {heading}");
        var start = section.IndexOf("```json\n", StringComparison.Ordinal) + "```json\n".Length;
        var example = section[start..section.IndexOf("\n```", start, StringComparison.Ordinal)];
        var documented = Paths(JsonDocument.Parse(example).RootElement, "");
        var real = Paths(JsonDocument.Parse(printed).RootElement, "");
        Assert.Equal(real.Distinct().Order(), documented.Distinct().Order());
    }

    [Fact]
    public void EachCommandIsListedWithItsOptionsAndExamples()
    {
        foreach (var (path, command) in All("mint", CommandLine.Commands(new Frame(Terminal.OfProcess()))))
        {
            var section = Section("docs/cli.md", $"## {path}");
            foreach (var option in command.Options.Where(o => o.Name.StartsWith("--", StringComparison.Ordinal)))
                Assert.True(section.Contains($"`{option.Name}", StringComparison.Ordinal), $"{path} {option.Name}");
            foreach (var argument in command.Arguments)
                Assert.True(section.Contains(argument.Name, StringComparison.Ordinal), $"{path} {argument.Name}");
            foreach (var example in (command as Verb)?.Examples ?? [])
                Assert.True(section.Contains(example, StringComparison.Ordinal), $"{path}: {example}");
        }
    }

    /// <summary>With every kind of thing in it, but without what 'show' documents.</summary>
    private static StatusAnswer StatusOf(Story story)
    {
        var status = story
            .Do(new Command.Halt(new ServiceName("bank"), "double postings"), new Actor("bob"))
            .Do(new Command.Freeze(new ServiceName("bank"), "audit week"), new Actor("bob"))
            .Do(new Command.Halt(null, "exchange is down"), new Actor("bob"))
            .Do(new Command.Freeze(null, "year end"), new Actor("bob"))
            .Status(true, ("build", "disk full"));
        var asked = WhenAnswersAreShown.TurnedAway(status, story.Now);
        return asked with
        {
            Gateway = asked.Gateway with { Run = "a", HeardAt = story.Now },
            Services = [.. status.Services.Select(s => s with { Open = [], Instances = [s.Instances[0]] })],
        };
    }

    private static IReadOnlyList<PersonAnswer> PeopleOf()
    {
        var since = new Dictionary<Role, DateTimeOffset> { [Role.Engineer] = Story.Beginning };
        return [new(new PersonName("a"), since, Story.Beginning, 1, Story.Beginning)];
    }

    private static TraceAnswer TraceOf(Story story) =>
        story.Trace("bank-2.2.mmo11a00.1f", new Mark(new ServiceName("bank"), 2), "answered by bank-2") with
        {
            Releases = [],
            Instances = [],
        };

    private static Replayed ReplayOf(Story story)
    {
        var counts = story.State.Releases[new ReleaseId(2)].Steps.Select(s => s.Total()).Take(1).ToList();
        var verdict = new ReplayedVerdict(31, story.Now, 0, Verdict.GoodEnough, 30, counts, -1m, -1m, true, "0.1.0");
        return new Replayed("log.db", new ReleaseId(2), true, [verdict]);
    }

    private static IEnumerable<(string Path, System.CommandLine.Command Command)> All(
        string path,
        System.CommandLine.Command command
    ) => command.Subcommands.SelectMany(sub => All($"{path} {sub.Name}", sub)).Prepend((path, command));

    private static string Section(string document, string heading)
    {
        var text = "\n" + Checkout.Text(document);
        var start = text.IndexOf($"\n{heading}\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"{document} has no section {heading}");
        var end = text.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        return end < 0 ? text[start..] : text[start..end];
    }

    /// <summary>Names of all members, with those of a map and the places of a list left out.</summary>
    private static IEnumerable<string> Paths(JsonElement element, string path) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => element
                .EnumerateObject()
                .SelectMany(member =>
                {
                    var inner = Maps.Any(m => path.EndsWith(m, StringComparison.Ordinal))
                        ? $"{path}.*"
                        : $"{path}.{member.Name}";
                    return Paths(member.Value, inner).Prepend(inner);
                }),
            JsonValueKind.Array => element.EnumerateArray().SelectMany(item => Paths(item, $"{path}[]")),
            _ => [],
        };
}
