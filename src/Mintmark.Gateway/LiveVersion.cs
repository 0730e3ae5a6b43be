using Mintmark.Releases;
using Mintmark.Route;

namespace Mintmark.Gateway;

/// <summary>What a gateway knows of a version for as long as it is in the table.</summary>
/// <param name="signals">That it declares; each has the bit of its place.</param>
sealed class LiveVersion(Mark mark, IReadOnlyList<string> signals)
{
    public Mark Mark => mark;

    public IReadOnlyList<string> Signals => signals;

    public LatencyWindow Latency { get; } = new();

    public OutcomeWindow Past { get; } = new(signals);

    public VersionClients Clients { get; } = new(mark, TimeProvider.System);

    public Ignored Ignored { get; } = new();

    /// <summary>What is wrong with what it says; null where nothing is.</summary>
    public IgnoredReport? Report() => Ignored.Report(mark);
}

/// <summary>What a version said and should not have: told to people, counted in no comparison.</summary>
sealed class Ignored
{
    /// <summary>More names than these are noise, or somebody's attempt to fill our memory.</summary>
    private const int MostNames = 5;

    private readonly Lock adding = new();
    private string[] names = [];
    private long signals;
    private long values;

    public void Signal(ReadOnlySpan<char> name)
    {
        Interlocked.Increment(ref signals);
        var known = Volatile.Read(ref names);
        if (known.Length == MostNames || !SignalHeader.IsName(name) || Has(known, name))
            return;
        lock (adding)
        {
            if (names.Length < MostNames && !Has(names, name))
                Volatile.Write(ref names, [.. names, name.ToString()]);
        }
    }

    public void Value() => Interlocked.Increment(ref values);

    public IgnoredReport? Report(Mark mark)
    {
        var (s, v) = (Volatile.Read(ref signals), Volatile.Read(ref values));
        return s + v == 0 ? null : new(mark, Volatile.Read(ref names), s, v);
    }

    private static bool Has(string[] known, ReadOnlySpan<char> name)
    {
        foreach (var one in known)
        {
            if (name.SequenceEqual(one))
                return true;
        }
        return false;
    }
}
