using System.Collections.Concurrent;
using System.Numerics;

namespace Mintmark.Gateway.Lines;

/// <summary>
/// Tells of every request, off its path: a line is put into memory and a thread of its own writes it within a fifth of
/// a second. Where memory is full or the disk does not take it, the line is lost and counted: no request waits for one.
/// </summary>
sealed class AccessLog : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Who waits in a loop takes the processor from requests.</summary>
    private const int NoSpins = 0;

    private readonly Stripe[] stripes = NewStripes();
    private readonly LineFiles files;
    private readonly TimeProvider time;
    private readonly ManualResetEventSlim wake = new(initialState: false, NoSpins);
    private readonly ManualResetEventSlim mayOpen;
    private readonly ConcurrentQueue<byte[]> inherited = new();
    private readonly TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task writing;
    private volatile bool ending;
    private volatile bool givesWay;
    private volatile Stream? heir;
    private volatile bool isTakenBack;
    private long lost;
    private bool isFailing;

    /// <param name="isOpen">False where another gateway writes the files still: lines wait in memory.</param>
    public AccessLog(LineFiles files, TimeProvider time, bool isOpen = true)
    {
        (this.files, this.time) = (files, time);
        mayOpen = new ManualResetEventSlim(isOpen);
        // A thread of its own: it waits for disks.
        writing = Task.Factory.StartNew(
            Run,
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
    }

    /// <summary>Lines that were not written and have not been told of in the log yet.</summary>
    public long Lost => Volatile.Read(ref lost);

    private bool HasFiles => isTakenBack || !closed.Task.IsCompleted;

    public void Add(in AccessLine line)
    {
        var own = Thread.GetCurrentProcessorId();
        for (var i = 0; i < stripes.Length; i++)
        {
            if (!stripes[(own + i) & (stripes.Length - 1)].TryAdd(line, out var isHalfFull))
                continue;
            if (isHalfFull)
                wake.Set();
            return;
        }
        Interlocked.Increment(ref lost);
        wake.Set();
    }

    /// <summary>The files are ours from now on.</summary>
    public void Open() => mayOpen.Set();

    /// <summary>Lines of the gateway that was here before.</summary>
    public void Add(byte[] lines)
    {
        inherited.Enqueue(lines);
        wake.Set();
    }

    /// <summary>
    /// When this completes the files are closed, with all in them that had been added before. Lines wait in memory.
    /// </summary>
    public Task GiveWayAsync()
    {
        givesWay = true;
        wake.Set();
        return closed.Task;
    }

    /// <summary>Who writes the files now gets the lines that come.</summary>
    public void GoOnTo(Stream next) => heir = next;

    /// <summary>Nobody else writes the files after all.</summary>
    public void TakeBack() => isTakenBack = true;

    /// <summary>Writes what was added before.</summary>
    public async ValueTask DisposeAsync()
    {
        ending = true;
        mayOpen.Set();
        wake.Set();
        await writing;
        wake.Dispose();
        mayOpen.Dispose();
        files.Dispose();
    }

    private void Run()
    {
        bool isLast;
        mayOpen.Wait();
        do
        {
            wake.Wait(Pause);
            wake.Reset();
            // Before writing: what was added before the end is then written too.
            isLast = ending;
            var closing = givesWay;
            if (!HasFiles && heir is null && !isLast)
                continue;
            while (inherited.TryDequeue(out var lines))
                Write(lines);
            foreach (var stripe in stripes)
                Write(stripe.Take());
            TellLost();
            // A gateway that starts anew is not to find them held.
            if (isTakenBack)
                files.Dispose();
            if (closing && !closed.Task.IsCompleted)
            {
                files.Dispose();
                closed.SetResult();
            }
        } while (!isLast);
        closed.TrySetResult();
    }

    private void Write(ReadOnlySpan<byte> lines)
    {
        if (lines.IsEmpty || TryAppend(lines))
            return;
        Interlocked.Add(ref lost, lines.Count((byte)'\n'));
    }

    private void TellLost()
    {
        var count = Lost;
        if (count == 0)
            return;
        Span<byte> bytes = stackalloc byte[128];
        var line = new JsonLine(bytes);
        line.Add("at"u8, time.GetUtcNow().UtcDateTime);
        line.Add("lost"u8, count);
        if (TryAppend(bytes[..line.End()]))
            Interlocked.Add(ref lost, -count);
    }

    private bool TryAppend(ReadOnlySpan<byte> lines)
    {
        try
        {
            if (HasFiles)
                files.Append(lines);
            else
                (heir ?? throw new IOException("nobody goes on with it")).Write(lines);
            if (isFailing)
                Notice.Say($"the access log is written again, {Lost} lines were lost");
            isFailing = false;
            return true;
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            if (!isFailing)
                Notice.Say($"the access log cannot be written: {wrong.Message}");
            isFailing = true;
            return false;
        }
    }

    /// <summary>Two for each processor, so that there is one free where a thread was interrupted in another.</summary>
    private static Stripe[] NewStripes()
    {
        var count = 2 * (int)BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount);
        return [.. Enumerable.Range(0, count).Select(_ => new Stripe())];
    }
}
