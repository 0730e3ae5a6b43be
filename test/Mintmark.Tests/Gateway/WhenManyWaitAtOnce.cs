using System.Runtime.CompilerServices;
using Mintmark.Gateway.Wire;
using Xunit;

namespace Mintmark.Tests.Gateway;

public sealed class WhenManyWaitAtOnce
{
    private const int Many = 200;

    private readonly List<Action> told = new(Many);
    private readonly ValueTask<int>[] waiting = new ValueTask<int>[Many];

    [Fact]
    public async Task TheSecondTimeMakesNoGarbage()
    {
        var first = await GarbageAsync();
        var second = await GarbageAsync();

        Assert.True(first > Many * 100, $"{first} bytes");
        Assert.True(second < Many, $"{second} bytes");
    }

    [Fact]
    public async Task EachGetsItsOwn()
    {
        var ready = Enumerable.Range(0, Many).Select(_ => new Readiness()).ToList();
        for (var round = 0; round < 3; round++)
        {
            var results = ready.Select((r, i) => OnceAsync(r, i + round).AsTask()).ToList();
            Assert.DoesNotContain(results, r => r.IsCompleted);

            for (var i = Many - 1; i >= 0; i--)
                ready[i].Signal();

            Assert.Equal(Enumerable.Range(round, Many), await Task.WhenAll(results));
            ready.ForEach(r => r.Clear());
        }
    }

    [Fact]
    public async Task WhatIsThrownReachesWhoWaits()
    {
        var ready = new Readiness();
        var late = OnceAsync(ready, -1).AsTask();
        ready.Signal();
        await Assert.ThrowsAsync<InvalidOperationException>(() => late);

        await Assert.ThrowsAsync<InvalidOperationException>(() => OnceAsync(ready, -1).AsTask());
    }

    [Fact]
    public async Task WhatATakerThrowsReachesWhoWaits()
    {
        var ready = new Readiness();
        var taker = new Taker(ready);
        var arrival = new Arrival<int>(ready, taker);

        var first = arrival.WaitAsync().AsTask();
        ready.Signal();
        Assert.False(first.IsCompleted);
        taker.Next = 5;
        ready.Signal();
        Assert.Equal(5, await first);

        taker.Next = -1;
        ready.Signal();
        await Assert.ThrowsAsync<InvalidOperationException>(() => arrival.WaitAsync().AsTask());
    }

    [AsyncMethodBuilder(typeof(Reused<>))]
    private static async ValueTask<int> OnceAsync(Readiness ready, int number)
    {
        await ready.WaitAsync();
        return number >= 0 ? number : throw new InvalidOperationException("less than none");
    }

    private async ValueTask<long> GarbageAsync()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Many; i++)
        {
            var machine = new Machine { Told = told, Number = i };
            machine.Builder.Start(ref machine);
            waiting[i] = machine.Builder.Task;
        }
        foreach (var goOn in told)
            goOn();
        told.Clear();
        for (var i = 0; i < Many; i++)
        {
            if (await waiting[i] != i)
                throw new InvalidOperationException("it got what is another's");
        }
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>Takes what is next: nothing where that is 0.</summary>
    private sealed class Taker(Readiness ready) : ITaker<int>
    {
        public int Next { get; set; }

        public bool TryTake(out int taken)
        {
            ready.Clear();
            taken = Next >= 0 ? Next : throw new InvalidOperationException("less than none");
            return Next > 0;
        }
    }

    /// <summary>What the compiler makes of an async method, in a Release build: it waits once.</summary>
    private struct Machine : IAsyncStateMachine
    {
        public Reused<int> Builder;
        public List<Action> Told;
        public int Number;
        private bool hasWaited;

        public void MoveNext()
        {
            if (hasWaited)
            {
                Builder.SetResult(Number);
                return;
            }
            hasWaited = true;
            var later = new Later(Told);
            Builder.AwaitUnsafeOnCompleted(ref later, ref this);
        }

        public readonly void SetStateMachine(IAsyncStateMachine stateMachine) { }
    }

    private readonly struct Later(List<Action> told) : ICriticalNotifyCompletion
    {
        public void OnCompleted(Action continuation) => told.Add(continuation);

        public void UnsafeOnCompleted(Action continuation) => told.Add(continuation);
    }
}
