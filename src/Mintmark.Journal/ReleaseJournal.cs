using System.Collections.Concurrent;
using Mintmark.Log;
using Mintmark.Releases;

namespace Mintmark.Journal;

/// <summary>
/// The single writer. Commands that arrive together are decided one after another, each on the state that the one
/// before it leaves, and become one durable batch. Nobody sees a state, and no command is answered, before its batch
/// is on disk.
/// </summary>
public sealed class ReleaseJournal : IDisposable
{
    private const int LargestBatch = 256;

    private readonly MerkleLog log;
    private readonly TimeProvider clock;
    private readonly Snapshot? snapshot;
    private readonly Func<bool> giveUp;
    private readonly ConcurrentQueue<Pending> queue = new();
    private readonly SemaphoreSlim writing = new(1);
    private readonly TaskCompletionSource<Exception> broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Moment now;
    private volatile TaskCompletionSource changed = NewSignal();
    private long snapshotSize;

    private ReleaseJournal(
        MerkleLog log,
        State state,
        TimeProvider clock,
        Snapshot? snapshot,
        long snapshotSize,
        Func<bool> giveUp
    )
    {
        this.log = log;
        now = new Moment(state, log.Root);
        this.clock = clock;
        this.snapshot = snapshot;
        this.snapshotSize = snapshotSize;
        this.giveUp = giveUp;
    }

    public State State => now.State;

    /// <summary>Entries in the snapshot that was saved last or that this start began from; 0 without one.</summary>
    public long SnapshotSize => Interlocked.Read(ref snapshotSize);

    /// <summary>Tiles and proofs, for those who do not take our word.</summary>
    public LogReader Reader => log.Reader;

    /// <summary>
    /// Completes when memory may no longer agree with the log (an ambiguous write, a broken invariant). The process
    /// must then stop; the next one recovers from the log.
    /// </summary>
    public Task<Exception> Broken => broken.Task;

    /// <summary>Nothing more is written, and the process is to stop.</summary>
    public void Break(Exception reason) => broken.TrySetResult(reason);

    /// <summary>The state and the root of the log that it is the fold of.</summary>
    public (State State, Hash Root) Now
    {
        get
        {
            var (present, root) = now;
            return (present, root);
        }
    }

    /// <summary>Verifies the whole log, then folds it, from a snapshot where a fitting one is there.</summary>
    /// <param name="giveUp">Frees room that was kept back, and says whether there was any; null for none.</param>
    /// <exception cref="LogCorruptException">Names the entry.</exception>
    /// <exception cref="LogStorageException">The key was handed over to another.</exception>
    public static ReleaseJournal Open(
        ILogStorage storage,
        LogKey key,
        string origin,
        TimeProvider clock,
        Snapshot? snapshot = null,
        Func<bool>? giveUp = null
    )
    {
        // Reading the snapshot and verifying the log are two readings of two files: a start pays for the longer one.
        var kept = Task.Run(() => snapshot?.Load(storage, origin) ?? State.Empty);
        var log = MerkleLog.Open(storage, key, origin, EntryCodec.HandoverOf);
        var start = kept.GetAwaiter().GetResult();
        var state = Replay.Fold(start, log.Read(start.Size));
        return new ReleaseJournal(log, state, clock, snapshot, start.Size, giveUp ?? (() => false));
    }

    /// <exception cref="LogStorageException">The batch could not be stored, say for want of space; nothing was
    /// decided.</exception>
    public Task<Decision> ExecuteAsync(Command command, Actor by, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var pending = new Pending(command, by);
        queue.Enqueue(pending);
        Write(pending);
        return pending.Done.Task;
    }

    /// <summary>
    /// Does all that a command would take now but the writing, and changes nothing: what runs for the first time is
    /// slow.
    /// </summary>
    /// <returns>The state as it would be.</returns>
    public State Rehearse(Command command, Actor by)
    {
        var next = State;
        DecideOne(new Pending(command, by), Milliseconds(clock.GetUtcNow()), ref next, []);
        return next;
    }

    /// <summary>From the next entry on another key signs the log. Comes between two batches.</summary>
    /// <returns>The index of the entry that says so.</returns>
    /// <exception cref="LogStorageException">It could not be stored; the present key signs on.</exception>
    public async Task<long> RotateKeyAsync(LogKey next, Actor by, string reason, CancellationToken ct)
    {
        await writing.WaitAsync(ct);
        try
        {
            if (broken.Task.IsCompleted)
                throw new InvalidOperationException("the journal is broken", broken.Task.Result);
            var at = Milliseconds(clock.GetUtcNow());
            Entry? entry = null;
            var index = log.Rotate(
                next,
                note => EntryCodec.Encode(entry = new Entry(at, by, new Event.LogKeyRotated(note, reason)))
            );
            Publish(Fold.Apply(State, entry!));
            return index;
        }
        catch (Exception failure) when (failure is not LogStorageException and not FormatException)
        {
            broken.TrySetResult(failure);
            throw;
        }
        finally
        {
            writing.Release();
            Write(null);
        }
    }

    /// <summary>The state as soon as it holds more than <paramref name="after"/> entries.</summary>
    public async Task<State> ChangedAsync(long after, CancellationToken ct)
    {
        while (true)
        {
            // The signal is taken before the state is looked at: a change in between completes this very signal.
            var signal = changed;
            if (State.Size > after)
                return State;
            await signal.Task.WaitAsync(ct);
        }
    }

    /// <summary>Entries from an index on, as they were logged.</summary>
    public IEnumerable<(long Index, Entry Entry)> Read(long from) =>
        log.Read(from).Select(stored => (stored.Index, EntryCodec.Decode(stored.Index, stored.Body)));

    /// <summary>
    /// Keeps the present state for the next start. The log has everything: a failure costs only time then.
    /// </summary>
    /// <exception cref="IOException">It could not be written; the last one is still there.</exception>
    public void SaveSnapshot()
    {
        var (present, root) = now;
        if (snapshot is null || present.Size == SnapshotSize)
            return;
        snapshot.Save(present, root);
        Interlocked.Exchange(ref snapshotSize, present.Size);
    }

    public void Dispose()
    {
        writing.Wait();
        log.Dispose();
        writing.Dispose();
        TurnAway();
    }

    /// <summary>
    /// Whoever finds the writer free writes for all who wait. A command enqueued while another holds the writer is seen
    /// by that one's last look at the queue, which comes after it has let go.
    /// </summary>
    /// <param name="own">Once it is answered, a thread of the pool writes on: no caller works for others for
    /// ever.</param>
    private void Write(Pending? own)
    {
        try
        {
            while (!queue.IsEmpty && writing.Wait(0, CancellationToken.None))
            {
                try
                {
                    WriteBatch();
                }
                finally
                {
                    writing.Release();
                }
                if (own is { Done.Task.IsCompleted: true } && !queue.IsEmpty)
                {
                    ThreadPool.UnsafeQueueUserWorkItem(_ => Write(null), null);
                    return;
                }
            }
        }
        catch (ObjectDisposedException)
        {
            TurnAway();
        }
    }

    private void TurnAway()
    {
        while (queue.TryDequeue(out var late))
            late.Done.TrySetException(new ObjectDisposedException(nameof(ReleaseJournal)));
    }

    private void WriteBatch()
    {
        var batch = new List<Pending>();
        while (batch.Count < LargestBatch && queue.TryDequeue(out var next))
            batch.Add(next);
        if (batch.Count == 0)
            return;
        try
        {
            if (broken.Task.IsCompleted)
                throw new InvalidOperationException("the journal is broken", broken.Task.Result);
            CommitOrGiveUp(batch);
        }
        catch (Exception failure)
        {
            // A clean storage failure leaves everything as it was; any other one leaves doubt, and doubt stops us.
            if (failure is not LogStorageException)
                broken.TrySetResult(failure);
            foreach (var pending in batch)
                pending.Done.TrySetException(failure);
        }
    }

    private void CommitOrGiveUp(List<Pending> batch)
    {
        try
        {
            Commit(batch);
        }
        catch (LogStorageException) when (batch.Exists(pending => pending.Command.CannotWait) && giveUp())
        {
            Commit(batch);
        }
    }

    private void Commit(List<Pending> batch)
    {
        var at = Milliseconds(clock.GetUtcNow());
        var next = State;
        var bodies = new List<byte[]>();
        var decisions = new Decision[batch.Count];
        for (var i = 0; i < batch.Count; i++)
        {
            decisions[i] = DecideOne(batch[i], at, ref next, bodies);
        }
        if (bodies.Count > 0)
        {
            log.Append(bodies);
            Publish(next);
        }
        for (var i = 0; i < batch.Count; i++)
            batch[i].Done.TrySetResult(decisions[i]);
    }

    private static Decision DecideOne(Pending pending, DateTimeOffset at, ref State next, List<byte[]> bodies)
    {
        var decision = Decider.Decide(next, pending.Command, pending.By);
        var events = (decision, pending.Command) switch
        {
            (Decision.Accepted accepted, _) => accepted.Events,
            (Decision.Refused refused, Command.Person person) => [Decider.Refusal(person, refused)],
            _ => [],
        };
        var entries = events.Select(e => new Entry(at, pending.By, e)).ToList();
        if (Encode(entries, out var encoded) is { } unstorable)
        {
            decision = unstorable;
            entries = pending.Command is Command.Person asked
                ? [new Entry(at, pending.By, Decider.Refusal(asked, unstorable))]
                : [];
            if (Encode(entries, out encoded) is not null)
                return decision;
        }
        next = entries.Aggregate(next, Fold.Apply);
        bodies.AddRange(encoded);
        return decision;
    }

    /// <returns>Why the log cannot hold an entry; null where it can.</returns>
    private static Decision.Refused? Encode(List<Entry> entries, out List<byte[]> encoded)
    {
        encoded = [];
        try
        {
            encoded = entries.ConvertAll(EntryCodec.Encode);
        }
        catch (FormatException wrong)
        {
            return new Decision.Refused("entry-not-storable", wrong.Message);
        }
        return encoded.Find(body => body.Length > MerkleLog.MaxEntryLength) is { } large
            ? new Decision.Refused(
                "entry-too-large",
                $"the log takes {MerkleLog.MaxEntryLength} bytes an entry and this one has {large.Length}: shorten the "
                    + "texts in mint.yaml or the reason"
            )
            : null;
    }

    private void Publish(State next)
    {
        now = new Moment(next, log.Root);
        var signal = changed;
        changed = NewSignal();
        signal.SetResult();
    }

    private static DateTimeOffset Milliseconds(DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed record Moment(State State, Hash Root);

    private sealed record Pending(Command Command, Actor By)
    {
        public TaskCompletionSource<Decision> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
