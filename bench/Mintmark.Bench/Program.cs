using System.CommandLine;
using System.CommandLine.Parsing;
using Mintmark.Bench;
using Mintmark.Bench.Judge;
using Mintmark.Bench.Soak;
using Mintmark.Bench.Traffic;

var name = new Argument<string?>("name") { Arity = ArgumentArity.ZeroOrOne };
var file = new Option<string?>("--json") { Description = "Write the figures as JSON, too", HelpName = "FILE" };
var only = new Option<string?>("--only") { HelpName = "PART" };
var rounds = Number("--rounds", 3, "Of gateway: how often each case is measured");
var minutes = Number("--minutes", 2.0, "Of soak: for how long");
var seed = Number("--seed", 1, "Of judge and soak: where chance begins");
var plots = new Option<string?>("--plots") { Description = "Of judge: where pictures go", HelpName = "FOLDER" };

var benches = new Dictionary<string, Func<ParseResult, Task<IReadOnlyList<Figure>>>>(StringComparer.Ordinal)
{
    ["core"] = _ => CoreBench.RunAsync(),
    ["evidence"] = _ => Task.FromResult(EvidenceBench.Run()),
    ["gate"] = _ => GateBench.RunAsync(),
    ["fold"] = async _ => [await FoldBench.RunAsync()],
    [FoldBench.Itself] = _ => Task.FromResult<IReadOnlyList<Figure>>([FoldBench.Run()]),
    ["gateway"] = given => GatewayBench.RunAsync(given.GetValue(only), given.GetValue(rounds)),
    ["halt"] = _ => HaltBench.RunAsync(),
    ["judge"] = given => JudgeBench.RunAsync(given.GetValue(seed), given.GetValue(plots)),
    ["log"] = _ => LogBench.RunAsync(),
    ["outcome"] = _ => Task.FromResult(OutcomeCost.Run()),
    ["soak"] = given => SoakBench.RunAsync(given.GetValue(minutes), given.GetValue(seed)),
    ["spread"] = _ => SpreadBench.RunAsync(),
    ["surge"] = _ => SurgeBench.RunAsync(),
    ["request"] = _ => RequestCost.RunAsync(),
};
var names = string.Join(", ", benches.Keys.Where(b => b != FoldBench.Itself));
var parts = string.Join(", ", GatewayBench.Parts);
name.Description = $"One of {names}; all of them where none is named";
only.Description = $"Of gateway: the parts whose names begin so: {parts}";
name.Validators.Add(given => Check(given, benches.ContainsKey, $"one of {names}"));
only.Validators.Add(given => Check(given, IsPart, $"one of {parts}"));
var bench = new RootCommand(
    "Measures Mintmark, and says which goals hold: mint bench, or mint bench gateway --rounds 9."
)
{
    name,
    file,
    only,
    rounds,
    minutes,
    seed,
    plots,
};
bench.SetAction((given, _) => RunAsync(given));
var parsed = bench.Parse(args);
foreach (var wrong in parsed.Errors)
    Console.Error.WriteLine($"bench: {wrong.Message}");
return parsed.Errors.Count > 0 ? 2 : await parsed.InvokeAsync();

async Task<int> RunAsync(ParseResult given)
{
    var skipped = false;
    var outcomes = new List<Outcome>();
    var one = given.GetValue(name);
    foreach (var (each, run) in benches.Where(b => one is null ? b.Key != FoldBench.Itself : b.Key == one))
    {
        var machine = Outcome.MachineText();
        try
        {
            outcomes.Add(new Outcome(each, machine, await run(given)));
            outcomes[^1].Print(Console.Out);
        }
        catch (CannotMeasureException cannot)
        {
            Console.Error.WriteLine($"bench {each}: {cannot.Message}");
            skipped = true;
        }
    }
    if (given.GetValue(file) is { } path)
        await File.WriteAllTextAsync(path, string.Join("\n", outcomes.Select(o => o.ToJson())) + "\n");
    return !skipped && outcomes.TrueForAll(o => o.Figures.All(f => f.Holds is not false)) ? 0 : 1;
}

static bool IsPart(string given) => GatewayBench.Parts.Any(p => p.StartsWith(given, StringComparison.Ordinal));

static void Check(SymbolResult given, Predicate<string> isOne, string those)
{
    var of = given is OptionResult option ? $"{option.Option.Name} " : "";
    foreach (var token in given.Tokens.Where(token => !isOne(token.Value)))
        given.AddError($"{of}'{token.Value}': expected {those}");
}

static Option<T> Number<T>(string name, T usual, string what)
    where T : struct, System.Numerics.INumber<T>
{
    var option = new Option<T>(name)
    {
        Description = what,
        HelpName = "N",
        DefaultValueFactory = _ => usual,
    };
    // What is no number at all is refused without us.
    option.Validators.Add(given =>
        Check(given, n => !T.TryParse(n, null, out var value) || value > T.Zero, "a number above 0")
    );
    return option;
}
