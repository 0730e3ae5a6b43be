using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace Mintmark.Gateway.Wire;

/// <summary>
/// Builds the tasks of async methods on a request's path. Where one has to wait, what it holds is put into an object
/// that is used again: each thread keeps some of those that came to their end on it. .NET's own builder of this kind
/// keeps one for each thread and processor, while of a loop's requests dozens wait at once.
/// The execution context is not carried along: nothing on that path asks for it.
/// </summary>
struct Reused<T>
{
    private Waiting<T>? waiting;
    private Exception? wrong;
    private T result;

    public static Reused<T> Create() => default;

    public readonly ValueTask<T> Task =>
        waiting is not null ? waiting.Task
        : wrong is not null ? ValueTask.FromException<T>(wrong)
        : new ValueTask<T>(result);

    public readonly void Start<TMachine>(ref TMachine machine)
        where TMachine : IAsyncStateMachine => machine.MoveNext();

    /// <summary>Of compilers of long ago.</summary>
    public readonly void SetStateMachine(IAsyncStateMachine stateMachine) { }

    public void SetResult(T result)
    {
        if (waiting is null)
            this.result = result;
        else
            waiting.End(result);
    }

    public void SetException(Exception exception)
    {
        if (waiting is null)
            wrong = exception;
        else
            waiting.End(exception);
    }

    public void AwaitOnCompleted<TAwaiter, TMachine>(ref TAwaiter awaiter, ref TMachine machine)
        where TAwaiter : INotifyCompletion
        where TMachine : IAsyncStateMachine => awaiter.OnCompleted(Hold(ref machine));

    public void AwaitUnsafeOnCompleted<TAwaiter, TMachine>(ref TAwaiter awaiter, ref TMachine machine)
        where TAwaiter : ICriticalNotifyCompletion
        where TMachine : IAsyncStateMachine => awaiter.UnsafeOnCompleted(Hold(ref machine));

    /// <summary>Before the machine is copied it must know who holds it, as this is a part of it.</summary>
    private Action Hold<TMachine>(ref TMachine machine)
        where TMachine : IAsyncStateMachine
    {
        if (waiting is null)
        {
            var held = Held<TMachine>.Take();
            waiting = held;
            held.Machine = machine;
        }
        return waiting.GoOn;
    }

    private sealed class Held<TMachine> : Waiting<T>
        where TMachine : IAsyncStateMachine
    {
        private const int MostKept = 256;

        [ThreadStatic]
        private static Held<TMachine>? kept;

        private Held<TMachine>? next;
        private int depth;

        public TMachine Machine = default!;

        public static Held<TMachine> Take()
        {
            if (kept is not { } last)
                return new Held<TMachine>();
            kept = last.next;
            last.next = null;
            return last;
        }

        protected override void Run() => Machine.MoveNext();

        protected override void Keep()
        {
            Machine = default!;
            depth = kept is null ? 1 : kept.depth + 1;
            if (depth > MostKept)
                return;
            next = kept;
            kept = this;
        }
    }
}

/// <summary>What an async method holds while it waits, and its task.</summary>
abstract class Waiting<T> : IValueTaskSource<T>
{
    private ManualResetValueTaskSourceCore<T> core;

    protected Waiting() => GoOn = Run;

    public Action GoOn { get; }

    public ValueTask<T> Task => new(this, core.Version);

    public void End(T result) => core.SetResult(result);

    public void End(Exception wrong) => core.SetException(wrong);

    /// <summary>Once, by who waited: from here on it is somebody else's.</summary>
    T IValueTaskSource<T>.GetResult(short token)
    {
        try
        {
            return core.GetResult(token);
        }
        finally
        {
            core.Reset();
            Keep();
        }
    }

    ValueTaskSourceStatus IValueTaskSource<T>.GetStatus(short token) => core.GetStatus(token);

    void IValueTaskSource<T>.OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags
    ) => core.OnCompleted(continuation, state, token, flags);

    protected abstract void Run();

    protected abstract void Keep();
}
