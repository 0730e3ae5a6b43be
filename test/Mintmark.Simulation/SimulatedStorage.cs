using Mintmark.Log;

namespace Mintmark.Simulation;

/// <summary>The process is killed here. Nothing of the control plane's memory survives it; the world does.</summary>
internal sealed class KilledException() : Exception("killed");

/// <summary>What befalls one append.</summary>
internal enum AppendFault
{
    None,
    KilledBefore,
    KilledAfter,
    DiskFull,
}

/// <summary>A disk that outlives the control planes that write to it.</summary>
internal sealed class SimulatedDisk
{
    public List<StoredEntry> Entries { get; } = [];
    public List<(long Size, string Checkpoint)> Checkpoints { get; } = [];

    /// <summary>Asked at each append, with how many there have been before.</summary>
    public Func<int, AppendFault> Fault { get; set; } = _ => AppendFault.None;

    public int Appends { get; set; }
}

internal sealed class SimulatedStorage(SimulatedDisk disk) : ILogStorage
{
    public long Size => disk.Entries.Count;

    public string? Checkpoint => disk.Checkpoints.Count > 0 ? disk.Checkpoints[^1].Checkpoint : null;

    public void Append(long expectedSize, IReadOnlyList<StoredEntry> entries, string checkpoint)
    {
        var fault = disk.Fault(disk.Appends++);
        if (fault == AppendFault.KilledBefore)
            throw new KilledException();
        if (fault == AppendFault.DiskFull)
            throw new LogStorageException("the simulated disk is full");
        if (expectedSize != Size)
            throw new InvalidOperationException("two writers");
        disk.Entries.AddRange(entries);
        disk.Checkpoints.Add((Size, checkpoint));
        if (fault == AppendFault.KilledAfter)
            throw new KilledException();
    }

    public IEnumerable<StoredEntry> Read(long from) => disk.Entries.Skip((int)from).ToList();

    IEnumerable<(long Size, string Checkpoint)> ILogStorage.Checkpoints(long from) =>
        [.. disk.Checkpoints.Where(c => c.Size >= from)];

    public void Dispose() { }
}
