using Mintmark.Bench;
using Mintmark.Bench.Judge;
using Mintmark.Bench.Soak;
using Mintmark.Bench.Traffic;

// Runs a bench, or all of them.
//   mint bench [NAME] [--json FILE] [--seed N] [--plots FOLDER] [--minutes N] [--only PART] [--rounds N]
var seed = 1;
var minutes = 2.0;
var rounds = 3;
string? plots = null;
string? only = null;
var benches = new Dictionary<string, Func<Task<IReadOnlyList<Figure>>>>(StringComparer.Ordinal)
{
    ["core"] = CoreBench.RunAsync,
    ["evidence"] = () => Task.FromResult(EvidenceBench.Run()),
    ["gate"] = GateBench.RunAsync,
    ["fold"] = async () => [await FoldBench.RunAsync()],
    [FoldBench.Itself] = () => Task.FromResult<IReadOnlyList<Figure>>([FoldBench.Run()]),
    ["gateway"] = () => GatewayBench.RunAsync(only, rounds),
    ["halt"] = HaltBench.RunAsync,
    ["judge"] = () => JudgeBench.RunAsync(seed, plots),
    ["log"] = LogBench.RunAsync,
    ["outcome"] = () => Task.FromResult(OutcomeCost.Run()),
    ["soak"] = () => SoakBench.RunAsync(minutes, seed),
    ["spread"] = SpreadBench.RunAsync,
    ["surge"] = SurgeBench.RunAsync,
    ["request"] = RequestCost.RunAsync,
};
string? name = null;
string? file = null;
for (var i = 0; i < args.Length; i++)
{
    if (args[i] == "--json" && i + 1 < args.Length)
        file = args[++i];
    else if (args[i] == "--plots" && i + 1 < args.Length)
        plots = args[++i];
    else if (args[i] == "--seed" && i + 1 < args.Length && int.TryParse(args[i + 1], out seed))
        i++;
    else if (args[i] == "--minutes" && i + 1 < args.Length && double.TryParse(args[i + 1], out minutes) && minutes > 0)
        i++;
    else if (args[i] == "--rounds" && i + 1 < args.Length && int.TryParse(args[i + 1], out rounds) && rounds > 0)
        i++;
    else if (
        args[i] == "--only"
        && i + 1 < args.Length
        && GatewayBench.Parts.Any(p => p.StartsWith(args[i + 1], StringComparison.Ordinal))
    )
        only = args[++i];
    else if (name is null && benches.ContainsKey(args[i]))
        name = args[i];
    else
    {
        Console.Error.WriteLine(
            $"bench: '{args[i]}': expected one of {string.Join(", ", benches.Keys.Where(b => b != FoldBench.Itself))}, "
                + "--json FILE, --seed N, --plots FOLDER, --minutes N, --rounds N "
                + $"or --only PART (of gateway: {string.Join(", ", GatewayBench.Parts)})"
        );
        return 2;
    }
}
var skipped = false;
var outcomes = new List<Outcome>();
foreach (var (each, run) in benches.Where(b => name is null ? b.Key != FoldBench.Itself : b.Key == name))
{
    var machine = Outcome.MachineText();
    try
    {
        outcomes.Add(new Outcome(each, machine, await run()));
        outcomes[^1].Print(Console.Out);
    }
    catch (CannotMeasureException cannot)
    {
        Console.Error.WriteLine($"bench {each}: {cannot.Message}");
        skipped = true;
    }
}
if (file is not null)
    await File.WriteAllTextAsync(file, string.Join("\n", outcomes.Select(o => o.ToJson())) + "\n");
return !skipped && outcomes.TrueForAll(o => o.Figures.All(f => f.Holds is not false)) ? 0 : 1;
