using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Mintmark.Simulation;

// Runs simulated histories and counts those in which everything held.
//   mint simulate [--seconds S] [--seed FIRST] [--seeds COUNT]
//   mint simulate --kill COUNT       a process that appends to a real log, killed COUNT times
if (
    args is ["--kill", var times]
    && int.TryParse(times, NumberStyles.None, CultureInfo.InvariantCulture, out var kills)
)
    return await Kills.RunAsync(kills);
if (args is ["--append", var folder])
    Kills.Append(folder);
var options = Options.Parse(args);
if (options is null)
    return 2;
var watch = Stopwatch.StartNew();
var tally = new Tally();
if (options.Seeds is null)
{
    Parallel.ForEach(Faults.AtEveryAppend(tally), fault => tally.Count(fault(), repeatable: true));
    Parallel.ForEach(Faults.WithoutClients(), quiet => tally.Count(quiet(), repeatable: true));
    Console.WriteLine(
        $"a fault at every append, and services without clients: {tally.Passed + tally.Failed} histories "
            + $"in {watch.Elapsed.TotalSeconds:0} s"
    );
}

var seeds = new BlockingCollection<int>(boundedCapacity: 1);
var workers = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Task.Run(Work)).ToArray();
var seed = options.First;
while (options.Goes(seed, watch.Elapsed))
    seeds.Add(seed++);
seeds.CompleteAdding();
await Task.WhenAll(workers);

Console.WriteLine(
    $"{tally.Passed + tally.Failed} histories in {watch.Elapsed.TotalSeconds:0} s, the last of seed {seed - 1}"
);
Console.WriteLine($"{tally.Passed} passed, {tally.Failed} failed");
return tally.Failed == 0 ? 0 : 1;

void Work()
{
    foreach (var next in seeds.GetConsumingEnumerable())
    {
        var ending = Histories.AtRandom(next);
        tally.Count(ending, repeatable: next % 8 != 0 || ending.Root == Histories.AtRandom(next).Root);
        if (options.Seeds is not null)
            Console.WriteLine(
                $"{ending.Name}: {ending.Releases} releases, {ending.Kills} kills, root {ending.Root[..12]}"
            );
    }
}
