namespace Mintmark.Bench.Soak;

/// <summary>What befalls those who serve.</summary>
internal enum Blow
{
    /// <summary>Another share.</summary>
    Table,

    /// <summary>An instance dies, and another takes its place.</summary>
    Death,

    Halt,
    Resume,

    /// <summary>The control plane dies in the middle of what it was at.</summary>
    Kill,

    /// <summary>Another control plane.</summary>
    Return,

    /// <summary>Another process takes the place of the second gateway.</summary>
    Replace,
}

/// <summary>As many blows as are asked for, in an order that a seed gives. Each round has as many of a kind.</summary>
internal static class Blows
{
    /// <summary>Blows with one halt, one kill and one replacement in them.</summary>
    public const int Set = 24;

    private const int DeathsInSet = 3;

    /// <summary>Tables that go by until the one is lifted, and the other is back.</summary>
    private const int Lasts = 3;

    public static IReadOnlyList<Blow> Round(Random dice, int sets) =>
        [.. Enumerable.Range(0, sets).SelectMany(_ => Next(dice))];

    private static Blow[] Next(Random dice)
    {
        var round = new Blow[Set];
        var free = Enumerable.Range(0, Set - Lasts).ToList();
        Put(Blow.Halt, Blow.Resume);
        Put(Blow.Kill, Blow.Return);
        Put(Blow.Replace);
        for (var i = 0; i < DeathsInSet; i++)
            Put(Blow.Death);
        return round;

        void Put(Blow blow, Blow? end = null)
        {
            int at;
            do
            {
                at = free[dice.Next(free.Count)];
            } while (end is not null && !free.Contains(at + Lasts));
            round[at] = blow;
            free.Remove(at);
            if (end is not { } over)
                return;
            round[at + Lasts] = over;
            free.Remove(at + Lasts);
        }
    }
}
