using System.Runtime.InteropServices;

namespace Mintmark.Gateway.Wire;

/// <summary>Has something to do when all that a loop was told of at once is done.</summary>
interface IAtTurnsEnd
{
    /// <summary>On the loop's thread. Nothing may be thrown.</summary>
    void EndTurn();
}

/// <summary>
/// A thread that hears of its sockets, one for each processor. Who waited for one goes on on this thread: nothing on a
/// request's path may block. What is sent in a turn goes out together at its end, so that those who get it are woken
/// once and not in between.
/// </summary>
sealed class Loop
{
    /// <summary>In a turn. Few enough that what the first sent does not wait for long.</summary>
    private const int MostEvents = 64;
    private const int Wanted = Libc.Receivable | Libc.Sendable | Libc.PeerEnded | Libc.EdgeTriggered;

    private static readonly Lazy<Loop[]> Running = new(() => [.. Enumerable.Range(0, Count).Select(i => new Loop(i))]);

    [ThreadStatic]
    private static Loop? current;
    private static int last;

    private readonly Lock changing = new();
    private readonly Stack<int> free = new();
    private readonly List<IAtTurnsEnd> ending = [];
    private readonly int epoll = Libc.Epoll();
    private volatile Link?[] links = new Link?[256];
    private int used;
    private uint turn;

    private Loop(int index)
    {
        Index = index;
        new Thread(Run) { IsBackground = true, Name = $"wire {index}" }.Start();
    }

    /// <summary>How many there are.</summary>
    public static int Count { get; } = Environment.ProcessorCount;

    /// <summary>That whose thread this is; null on any other thread.</summary>
    public static Loop? Current => current;

    public int Index { get; }

    /// <summary>Each in turn.</summary>
    public static Loop Next() => Running.Value[(uint)Interlocked.Increment(ref last) % (uint)Count];

    /// <summary>Hears of the socket from now on, and of what has befallen it before.</summary>
    /// <returns>By which <see cref="Drop"/> knows it.</returns>
    public ulong Add(Link link, int descriptor)
    {
        ulong key;
        lock (changing)
        {
            var place = free.TryPop(out var left) ? left : used++;
            if (place == links.Length)
            {
                var larger = new Link?[2 * links.Length];
                links.CopyTo(larger, 0);
                links = larger;
            }
            key = ((ulong)++turn << 32) | (uint)place;
            Volatile.Write(ref links[place], link);
        }
        link.Key = key;
        Libc.Watch(epoll, descriptor, Wanted, key);
        return key;
    }

    public void Drop(ulong key, int descriptor)
    {
        Libc.Forget(epoll, descriptor);
        var place = (int)(uint)key;
        lock (changing)
        {
            Volatile.Write(ref links[place], null);
            free.Push(place);
        }
    }

    /// <summary>On this loop's thread alone.</summary>
    public void AtTurnsEnd(IAtTurnsEnd what) => ending.Add(what);

    private void Tell(ReadOnlySpan<byte> happened)
    {
        var key = MemoryMarshal.Read<ulong>(happened[^sizeof(ulong)..]);
        // One that was dropped since the kernel told, or another at its place, has another key.
        if (Volatile.Read(ref links[(int)(uint)key]) is { } link && link.Key == key)
            link.Heard(MemoryMarshal.Read<int>(happened));
    }

    private void Run()
    {
        current = this;
        Span<byte> events = new byte[MostEvents * Libc.EventSize];
        while (true)
        {
            var count = Libc.Wait(epoll, events);
            for (var i = 0; i < count; i++)
                Tell(events.Slice(i * Libc.EventSize, Libc.EventSize));
            // By index: one that ends may have another to end.
            for (var i = 0; i < ending.Count; i++)
                ending[i].EndTurn();
            ending.Clear();
        }
    }
}
