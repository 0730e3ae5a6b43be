using Mintmark.Releases;

namespace Mintmark.Gateway;

/// <summary>
/// Sends the declared probes of steps that lack evidence. Each draws a lot of its own, as an unknown client does,
/// before anything is known of its answer: so it is one more fair unit for the judge, whatever clients send meanwhile.
/// When to send depends on the past only.
/// </summary>
sealed class Prober(Switchboard board, HttpMessageInvoker http, TimeProvider time)
{
    /// <summary>Of one service, from one gateway: 20 a second at most.</summary>
    public static readonly TimeSpan Spacing = TimeSpan.FromMilliseconds(50);

    /// <summary>Of one service: a version that hangs gets no more at once.</summary>
    private const int MostInFlight = 16;

    private readonly Dictionary<ServiceName, Lane> lanes = [];

    /// <summary>Until it is cancelled; nothing is in flight when it returns.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Spacing, time);
        try
        {
            while (await timer.WaitForNextTickAsync(ct))
                await TickAsync(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested) { }
        await Task.WhenAll(lanes.Values.SelectMany(lane => lane.InFlight));
    }

    private async Task TickAsync(CancellationToken ct)
    {
        foreach (var lane in lanes.Values)
            await lane.SweepAsync();
        var table = board.Table;
        if (table.Halted is not null)
            return;
        foreach (var service in table.Services.Values)
        {
            if (service is { Halted: null, Comparison: { Declared.Probed: true, Tripped: false } comparison })
                Send(service, comparison, ct);
        }
    }

    private void Send(LiveRoute service, LiveComparison comparison, CancellationToken ct)
    {
        if (!lanes.TryGetValue(service.Name, out var lane))
            lanes[service.Name] = lane = new Lane();
        if (lane.InFlight.Count >= MostInFlight)
            return;
        var split = service.Split(Lots.Draw());
        // What nobody can compare is not worth asking.
        if (!split.Counts || split.Arm?.Pick() is not { } target || !target.TryEnter())
            return;
        var probe = new SentProbe(service.Name, split.Arm, target, lane.Next(comparison.Declared.Rollout.Probes!));
        var seat = new Seat(comparison, split.OnCandidate, Unit: null, Probe: true);
        lane.InFlight.Add(AskAsync(probe, seat, ct));
    }

    private async Task AskAsync(SentProbe probe, Seat seat, CancellationToken ct)
    {
        try
        {
            var started = time.GetTimestamp();
            var (asExpected, signalled) = await probe.AskAsync(http, time, ct);
            board.Settle(seat, !asExpected, time.GetElapsedTime(started), signalled);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The gateway ends: an answer that nobody waited for says nothing of either version.
        }
        finally
        {
            probe.Target.Leave();
        }
    }

    /// <summary>The probes of one service.</summary>
    private sealed class Lane
    {
        private int last = -1;

        public List<Task> InFlight { get; } = [];

        /// <summary>In turn.</summary>
        public Probe Next(IReadOnlyList<Probe> probes) => probes[last = (last + 1) % probes.Count];

        public async Task SweepAsync()
        {
            await Task.WhenAll(InFlight.Where(t => t.IsCompleted));
            InFlight.RemoveAll(t => t.IsCompleted);
        }
    }
}
