namespace Mintmark.Simulation;

/// <summary>The same two releases again and again, each time with one fault at another append.</summary>
internal static class Faults
{
    public static IEnumerable<Func<Ending>> AtEveryAppend(Tally tally)
    {
        return Around(tally, Fate.Good, "bank", AppendFault.KilledBefore, AppendFault.KilledAfter, AppendFault.DiskFull)
            .Concat(Around(tally, Named("errors"), "bank", AppendFault.KilledBefore, AppendFault.KilledAfter))
            .Concat(Around(tally, Named("fails-once-promoted"), "bank", AppendFault.KilledAfter))
            // The desk holds nothing back.
            .Concat(Around(tally, Named("fails-once-promoted"), "desk", AppendFault.KilledAfter));
    }

    /// <summary>Control plane and gateway die now and then; probes decide what becomes of a version.</summary>
    public static IEnumerable<Func<Ending>> WithoutClients() =>
        from seed in Enumerable.Range(1, 8)
        from fate in (Fate[])[Fate.Good, Named("errors"), Named("always-fails")]
        select (Func<Ending>)(() => Histories.Quiet(seed, fate));

    private static Fate Named(string name) => Fate.All.First(f => f.Name == name);

    private static IEnumerable<Func<Ending>> Around(
        Tally tally,
        Fate second,
        string service,
        params AppendFault[] faults
    )
    {
        var undisturbed = Histories.WithFault(-1, AppendFault.None, second, service);
        tally.Count(undisturbed, undisturbed.Root == Histories.WithFault(-1, AppendFault.None, second, service).Root);
        return from append in Enumerable.Range(0, undisturbed.Appends)
            from fault in faults
            select (Func<Ending>)(() => Histories.WithFault(append, fault, second, service));
    }
}
