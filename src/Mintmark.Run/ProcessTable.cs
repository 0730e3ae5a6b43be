using Mintmark.Releases;

namespace Mintmark.Run;

/// <summary>
/// The living processes of one home. The first process of an instance is known by its environment; what descends from
/// it, or is in its session, belongs to it whatever its own environment says: an instance cannot pass its children off
/// as another's. The whole of /proc is read once a second, in between only what was found: a death shows at once, a
/// stray within the second.
/// </summary>
internal sealed class ProcessTable(string homeId, TimeProvider clock)
{
    public const string Variable = "MINTMARK_INSTANCE";

    private static readonly TimeSpan BetweenScans = TimeSpan.FromSeconds(1);

    // What a process's environment said, kept so that it is read once. What says nothing may yet say something: a
    // process that is about to exec still has its parent's environment. So a no counts only from the second look on.
    private readonly Dictionary<(int Pid, long Start), Word> words = [];
    private List<LiveProcess> known = [];
    private long? scannedAt;

    public static string Tag(string homeId, InstanceId instance) => $"{homeId}/{instance}";

    public IReadOnlyList<LiveProcess> Living()
    {
        if (scannedAt is not { } last || clock.GetElapsedTime(last) >= BetweenScans)
            return Scan();
        known = [.. known.Select(Again).OfType<LiveProcess>()];
        return known;
    }

    public IReadOnlyList<LiveProcess> Scan()
    {
        scannedAt = clock.GetTimestamp();
        var alive = Alive();
        var owners = new Dictionary<int, InstanceId?>();
        known = [];
        foreach (var (pid, stat) in alive)
        {
            if (Owner(pid, alive, owners) is { } instance)
                known.Add(Seen(instance, pid, stat));
        }
        foreach (var gone in words.Keys.Where(k => !alive.TryGetValue(k.Pid, out var s) || s.StartTicks != k.Start))
            words.Remove(gone);
        return known;
    }

    /// <summary>Whose it is need not be read: while it execs there may be nothing to read.</summary>
    public void Add(LiveProcess started)
    {
        known = [.. known, started];
        words[(started.Pid, started.StartTicks)] = new Word(started.Instance, Looks: 2);
    }

    private static Dictionary<int, ProcStat> Alive()
    {
        var alive = new Dictionary<int, ProcStat>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (
                int.TryParse(Path.GetFileName(folder.AsSpan()), out var pid)
                && ProcStat.Read(pid) is { Lives: true } stat
            )
                alive.Add(pid, stat);
        }
        return alive;
    }

    private InstanceId? Owner(int pid, Dictionary<int, ProcStat> alive, Dictionary<int, InstanceId?> owners)
    {
        if (!alive.TryGetValue(pid, out var stat))
            return null;
        if (owners.TryGetValue(pid, out var owner))
            return owner;
        // The snapshot is not of one instant, so a reused pid might close a circle: a process under way owns nothing.
        owners[pid] = null;
        owner = Owner(stat.Parent, alive, owners) ?? Owner(stat.Session, alive, owners) ?? Says(pid, stat.StartTicks);
        return owners[pid] = owner;
    }

    private InstanceId? Says(int pid, long start)
    {
        var word = words.GetValueOrDefault((pid, start));
        if (word.Instance is null && word.Looks < 2)
            words[(pid, start)] = word = new Word(Read(pid), word.Looks + 1);
        return word.Instance;
    }

    private InstanceId? Read(int pid) =>
        ProcFile.Variable(pid, Variable) is { } value
        && value.StartsWith(homeId + "/", StringComparison.Ordinal)
        && InstanceId.TryParse(value[(homeId.Length + 1)..], null, out var instance)
            ? instance
            : null;

    private static LiveProcess? Again(LiveProcess process) =>
        ProcStat.Read(process.Pid) is { Lives: true } stat && stat.StartTicks == process.StartTicks
            ? Seen(process.Instance, process.Pid, stat)
            : null;

    private static LiveProcess Seen(InstanceId instance, int pid, ProcStat stat) =>
        new(instance, pid, stat.StartTicks, stat.Session == pid, ProcFile.OwnMemory(pid));

    private readonly record struct Word(InstanceId? Instance, int Looks);
}
