using System.Diagnostics;
using Mintmark.Simulation;

// Runs simulated histories and counts those in which everything held.
//   mint simulate [--seconds S] [--seed FIRST] [--seeds COUNT]
var options = Options.Parse(args);
if (options is null)
    return 2;
var passed = 0;
var failed = 0;
var watch = Stopwatch.StartNew();
if (Environment.GetEnvironmentVariable("PROBE") is not null)
{
    var e1 = Histories.WithFault(-1, AppendFault.None, Fate.Good);
    Console.WriteLine($"{watch.ElapsedMilliseconds} ms {e1.Appends} appends");
    e1 = Histories.WithFault(-1, AppendFault.None, Fate.Good);
    Console.WriteLine($"{watch.ElapsedMilliseconds} ms {e1.Appends} appends {string.Join(";", e1.Breaches)}");
    e1 = Histories.AtRandom(1);
    Console.WriteLine($"{watch.ElapsedMilliseconds} ms {e1.Appends} appends {string.Join(";", e1.Breaches)}");
    return 0;
}

foreach (var second in (Fate[])[Fate.Good, Fate.All.First(f => f.Name == "errors")])
{
    var undisturbed = Histories.WithFault(-1, AppendFault.None, second);
    Count(undisturbed, repeatable: undisturbed.Root == Histories.WithFault(-1, AppendFault.None, second).Root);
    for (var append = 0; append < undisturbed.Appends; append++)
    {
        foreach (var fault in (AppendFault[])[AppendFault.KilledBefore, AppendFault.KilledAfter, AppendFault.DiskFull])
        {
            Count(Histories.WithFault(append, fault, second), repeatable: true);
        }
    }
}

Console.WriteLine($"faults at every append: {passed} histories in {watch.Elapsed.TotalSeconds:0} s");
for (var seed = options.First; options.Goes(seed, watch.Elapsed); seed++)
{
    var ending = Histories.AtRandom(seed);
    Count(ending, repeatable: seed % 10 != 0 || ending.Root == Histories.AtRandom(seed).Root);
    if (options.Seeds is not null)
        Console.WriteLine($"{ending.Name}: {ending.Releases} releases, {ending.Kills} kills, root {ending.Root[..12]}");
}

Console.WriteLine($"{passed + failed} histories in {watch.Elapsed.TotalSeconds:0} s");
Console.WriteLine($"{passed} passed, {failed} failed");
return failed == 0 ? 0 : 1;

void Count(Ending ending, bool repeatable)
{
    if (ending.Breaches.Count == 0 && repeatable)
    {
        passed++;
        return;
    }
    failed++;
    foreach (var breach in ending.Breaches)
        Console.WriteLine($"{ending.Name}: {breach}");
    if (!repeatable)
        Console.WriteLine($"{ending.Name}: another run of the same seed gave another log");
}
