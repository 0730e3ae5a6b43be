namespace Mintmark.Simulation;

/// <summary>Counts histories, and tells of each that went wrong.</summary>
internal sealed class Tally
{
    private readonly Lock counting = new();

    public int Passed { get; private set; }
    public int Failed { get; private set; }

    public void Count(Ending ending, bool repeatable)
    {
        lock (counting)
        {
            if (ending.Breaches.Count == 0 && repeatable)
            {
                Passed++;
                return;
            }
            Failed++;
        }
        foreach (var breach in ending.Breaches)
            Console.WriteLine($"{ending.Name}: {breach}");
        if (!repeatable)
            Console.WriteLine($"{ending.Name}: another run of the same seed gave another log");
    }
}
