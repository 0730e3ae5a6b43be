using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Mintmark.Releases;

namespace Mintmark.Gateway;

/// <summary>
/// Sends the declared probes of steps that lack evidence. Each draws a lot of its own, as an unknown client does,
/// before anything is known of its answer: so it is one more fair unit for the judge, whatever clients send meanwhile.
/// When to send depends on the past only. It goes the way of clients' requests to the instance.
/// </summary>
sealed class Prober(Switchboard board, Ways ways, TimeProvider time)
{
    /// <summary>Of one service, from one gateway: 20 a second at most.</summary>
    private static readonly TimeSpan Spacing = TimeSpan.FromMilliseconds(50);

    /// <summary>For the whole answer, of either version.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Of one service: a version that hangs gets no more at once.</summary>
    private const int MostInFlight = 16;

    private readonly Dictionary<ServiceName, Lane> lanes = [];
    private bool hasSaid;

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
        var probe = lane.Next(comparison.Declared.Rollout.Probes!);
        var seat = new Seat(comparison, split.OnCandidate, Unit: null, Probe: true);
        var exchange = new Exchange(
            split.Arm,
            target,
            seat,
            newcomer: null,
            probe.Path,
            new Address(service, Prefix: null)
        );
        lane.InFlight.Add(AskAsync(service.Name, exchange, probe.Expect, ct));
    }

    private async Task AskAsync(ServiceName service, Exchange exchange, int expected, CancellationToken ct)
    {
        try
        {
            using var patience = new CancellationTokenSource(Patience, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
            var started = time.GetTimestamp();
            var context = Request(service, either.Token);
            var delivery = await ways.SendAsync(context, exchange);
            // Where the gateway ends, an answer that nobody waited for says nothing of either version.
            if (ct.IsCancellationRequested || delivery.Fault is Fault.Cut or Fault.Exhausted)
                return;
            var asExpected = delivery.Fault == Fault.None && context.Response.StatusCode == expected;
            board.Settle(exchange.Seat!, !asExpected, time.GetElapsedTime(started), exchange.Signalled);
        }
        catch (Exception ours)
        {
            // A mistake of the gateway's says nothing of either version, and other probes go on.
            if (!hasSaid)
                Notice.Say($"a probe was not sent: {ours}");
            hasSaid = true;
        }
        finally
        {
            exchange.Target.Leave();
        }
    }

    /// <summary>As a client on this machine would ask; nobody reads what is answered.</summary>
    private static DefaultHttpContext Request(ServiceName service, CancellationToken aborted)
    {
        var context = new DefaultHttpContext { RequestAborted = aborted };
        context.Features.Set<IHttpRequestBodyDetectionFeature>(new NoBody());
        context.Connection.RemoteIpAddress = IPAddress.Loopback;
        context.Request.Method = HttpMethods.Get;
        context.Request.Scheme = Uri.UriSchemeHttp;
        context.Request.Host = new HostString($"{service}.localhost");
        return context;
    }

    private sealed class NoBody : IHttpRequestBodyDetectionFeature
    {
        public bool CanHaveBody => false;
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
