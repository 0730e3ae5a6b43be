using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Mintmark.Gateway.Plain;

namespace Mintmark.Gateway.Shadows;

/// <summary>
/// Sends copies of requests to candidates, one thread away from those who answer clients, and after the answer: so a
/// candidate that hangs, crashes or floods us costs no client anything. What does not fit in is dropped and counted.
/// </summary>
sealed class Shadower(Switchboard board, Ways ways, TimeProvider time)
{
    /// <summary>Waiting to be sent, of all services: 16 MB at the worst.</summary>
    private const int MostWaiting = 128;

    /// <summary>Of bodies whose requests are not over, in bytes; one takes up to twice as much.</summary>
    private const long MostHeard = 16 << 20;

    /// <summary>For the whole answer, beyond twice the time that the baseline took.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Channel<Copy> waiting = Channel.CreateBounded<Copy>(MostWaiting);
    private readonly Room room = new(MostHeard);
    private readonly List<Task> inFlight = [];
    private bool hasSaid;

    /// <summary>Before it goes on: where a request with a body is to be copied, we listen to it from here on.</summary>
    public void Listen(HttpContext context, Exchange exchange)
    {
        if (exchange.Shadow is not { } shadow || !HasBody(context) || !shadow.Chooses(context, exchange.Path))
            return;
        if (context.Request.ContentLength > LiveShadow.LargestBody)
            shadow.Counts.Drop();
        else
            context.Request.Body = new Overheard(context.Request.Body, context.Request.ContentLength, room);
    }

    /// <summary>It is over, whether it was copied or not.</summary>
    public static void Forget(HttpContext context) => (context.Request.Body as Overheard)?.Forget();

    /// <summary>After the answer; nothing waits for it.</summary>
    public void Add(HttpContext context, Exchange exchange, Delivery delivery, TimeSpan took)
    {
        if (exchange.Shadow is not { } shadow)
            return;
        var body = context.Request.Body as Overheard;
        if (body is null && (HasBody(context) || !shadow.Chooses(context, exchange.Path)))
            return;
        // Half a body is another request.
        var whole = body?.Whole;
        if (IsNoPart(delivery, context) || (body is not null && whole is null))
        {
            shadow.Counts.Drop();
            return;
        }
        var baseline = Of(delivery, context.Response.StatusCode, took);
        if (!shadow.Counts.TryEnter())
            return;
        if (waiting.Writer.TryWrite(Copy.Of(context, exchange, shadow, baseline, whole)))
            return;
        shadow.Counts.Leave();
        shadow.Counts.Drop();
    }

    /// <summary>Until it is cancelled; nothing is in flight when it returns.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        try
        {
            await foreach (var copy in waiting.Reader.ReadAllAsync(ct))
            {
                await Task.WhenAll(inFlight.Where(t => t.IsCompleted));
                inFlight.RemoveAll(t => t.IsCompleted);
                inFlight.Add(AskAsync(copy, ct));
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested) { }
        await Task.WhenAll(inFlight);
    }

    private async Task AskAsync(Copy copy, CancellationToken ct)
    {
        var counts = copy.Shadow.Counts;
        try
        {
            if (await AnswerAsync(copy, ct) is { } answered)
                counts.Count(copy.Baseline, answered);
            else
                counts.Drop();
        }
        catch (Exception ours)
        {
            // A mistake of the gateway's says nothing of the candidate, and other copies go on.
            counts.Drop();
            if (!hasSaid)
                Notice.Say($"a copy was not sent: {ours}");
            hasSaid = true;
        }
        finally
        {
            counts.Leave();
            board.Noted();
        }
    }

    /// <returns>Null where it says nothing of the candidate.</returns>
    private async Task<Answered?> AnswerAsync(Copy copy, CancellationToken ct)
    {
        // The table may be another one by now: with a halt in it, or without the shadow.
        var (table, service) = (board.Table, copy.Shadow.Itself.Name);
        var shadow = table.Services.GetValueOrDefault(service.Value)?.Shadow;
        if (shadow?.Counts != copy.Shadow.Counts || table.HaltOf(service) is not null)
            return null;
        if (shadow.Candidate.Pick() is not { } target || !target.TryEnter())
            return null;
        var address = new Address(shadow.Itself, copy.Prefix);
        var exchange = new Exchange(shadow.Candidate, target, null, null, copy.Path, address) { IsCopy = true };
        try
        {
            var longest = Patience + TimeSpan.FromMicroseconds(2 * copy.Baseline.Microseconds);
            using var patience = new CancellationTokenSource(longest, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
            copy.Request.RequestAborted = either.Token;
            var started = time.GetTimestamp();
            var delivery = await ways.SendAsync(copy.Request, exchange);
            var took = time.GetElapsedTime(started);
            if (
                ct.IsCancellationRequested
                || delivery.Fault is Fault.Cut or Fault.Exhausted
                || IsUndone(delivery, copy.Request)
            )
                return null;
            var answered = Of(delivery, copy.Request.Response.StatusCode, took);
            // Its client would have left it too, where the original's did.
            var isLate =
                (delivery.Fault == Fault.Client && patience.IsCancellationRequested)
                || (copy.Baseline.WasGivenUp && answered.Microseconds >= copy.Baseline.Microseconds);
            return isLate ? answered with { Status = 0, Failed = true } : answered;
        }
        finally
        {
            target.Leave();
        }
    }

    /// <summary>
    /// A client that went away, or a halt, leaves nothing to compare with; unless that client had waited long.
    /// </summary>
    private static bool IsNoPart(Delivery delivery, HttpContext context) =>
        delivery.Fault is Fault.Cut or Fault.Exhausted
        || delivery is { Fault: Fault.Client, WasGivenUp: false }
        || IsUndone(delivery, context);

    /// <summary>
    /// What may change something, and one of the two has not got: the other is not to do it alone. That holds for both,
    /// or pairs of which one was out of reach would speak for one side only.
    /// </summary>
    private static bool IsUndone(Delivery delivery, HttpContext context) =>
        delivery.Fault == Fault.NotReached && !RequestHead.IsSafe(context.Request.Method);

    private static bool HasBody(HttpContext context) =>
        context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? true;

    private static Answered Of(Delivery delivery, int status, TimeSpan took) =>
        new(
            delivery.Fault == Fault.None ? status : 0,
            delivery.Judge(status) == Outcome.Failed,
            (long)took.TotalMicroseconds,
            delivery.WasGivenUp
        );
}
