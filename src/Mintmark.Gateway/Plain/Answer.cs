using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Mintmark.Gateway.Wire;

namespace Mintmark.Gateway.Plain;

/// <summary>Passes an answer on as it comes, and no faster than the client takes it.</summary>
sealed class Answer(HttpContext context, Exchange exchange, UpstreamConnection connection, TimeLimits limits)
{
    private const int MostInterim = 16;
    private const int MostUnsent = 64 << 10;

    /// <summary>Reads, and steps through chunks. Who always has more would keep the loop to itself.</summary>
    private const int MostReadsInARow = 64;
    private const int MostStepsInARow = 8_192;

    private int unsent;
    private int reads;
    private int steps;

    private AnswerHead Head => connection.Head;

    private PipeWriter Client => context.Response.BodyWriter;

    /// <summary>Reads heads until one is final; the request's body may be told to come by one before it.</summary>
    /// <param name="interim">How many were not, so far.</param>
    /// <returns>False where more must come first.</returns>
    public static bool TryReadHead(UpstreamConnection connection, bool toHead, RequestBody? body, ref int interim)
    {
        var head = connection.Head;
        while (head.Parse(connection.Received, toHead))
        {
            if (!head.IsInterim)
                return true;
            if (++interim > MostInterim)
                throw new UnclearAnswerException("it has too many interim answers");
            if (head.Status == StatusCodes.Status100Continue)
                body?.Continue();
            connection.Consume(head.Taken);
            head.Clear();
        }
        return false;
    }

    public static void PassHead(HttpContext context, Exchange exchange, UpstreamConnection connection)
    {
        exchange.Hear();
        var (head, response, memory) = (connection.Head, context.Response, connection.Memory);
        var headers = response.Headers;
        response.StatusCode = head.Status;
        var bytes = connection.Received;
        var fields = head.Fields;
        for (var i = 0; i < fields.Length; i++)
        {
            var (namePlace, valuePlace) = fields[i];
            var (start, end) = (namePlace.Start.Value, valuePlace.End.Value);
            var line = bytes[start..end];
            var (nameLength, valueLength) = (namePlace.End.Value - start, end - valuePlace.Start.Value);
            var field = memory.Read(i, line, nameLength, valueLength);
            var (name, value) = (field.Name, field.Value);
            if (field.IsHopByHop || head.IsNominated(name) || exchange.Hears(name, value))
                continue;
            var before = headers[name];
            headers[name] = before.Count == 0 ? value : StringValues.Concat(before, value);
        }
        headers.ContentLength = head.Status == StatusCodes.Status204NoContent ? null : head.Length;
        exchange.Stamp(response, headers);
        exchange.Place?.Leave(answered: head.Status < StatusCodes.Status500InternalServerError);
        connection.Consume(head.Taken);
        connection.BeginAnswer();
    }

    /// <returns>False where the client takes no more of it.</returns>
    public static ValueTask<bool> PassBodyAsync(
        HttpContext context,
        Exchange exchange,
        UpstreamConnection connection,
        TimeLimits limits
    )
    {
        var head = connection.Head;
        if (head.Framing == Framing.None)
            return ValueTask.FromResult(true);
        if (head is { Framing: Framing.Length, Length: { } length } && length <= connection.Received.Length)
            return PassWholeAsync(context, exchange, connection, (int)length);
        var answer = new Answer(context, exchange, connection, limits);
        return head.Framing == Framing.Chunked
            ? answer.PassChunksAsync()
            : answer.PassBytesAsync(head.Framing == Framing.Length ? head.Length!.Value : long.MaxValue);
    }

    /// <summary>All of it is there: it goes to the client with the head, at once.</summary>
    [AsyncMethodBuilder(typeof(Reused<>))]
    private static async ValueTask<bool> PassWholeAsync(
        HttpContext context,
        Exchange exchange,
        UpstreamConnection connection,
        int length
    )
    {
        var content = connection.First(length);
        connection.Consume(length);
        connection.Relax();
        exchange.Gave(length);
        await context.Response.BodyWriter.WriteAsync(content);
        return true;
    }

    [AsyncMethodBuilder(typeof(Reused<>))]
    private async ValueTask<bool> PassBytesAsync(long left)
    {
        await context.Response.StartAsync();
        while (true)
        {
            var some = (int)Math.Min(left, connection.Received.Length);
            Write(connection.Received[..some]);
            connection.Consume(some);
            left -= some;
            if (left == 0)
                return await EndAsync();
            var more = await MoreAsync();
            if (more != Progress.More)
                return more == Progress.Closed && Ended() && await EndAsync();
        }
    }

    [AsyncMethodBuilder(typeof(Reused<>))]
    private async ValueTask<bool> PassChunksAsync()
    {
        await context.Response.StartAsync();
        var chunks = new Chunks();
        while (true)
        {
            int taken;
            do
            {
                Write(chunks.Read(connection.Received, out taken));
                connection.Consume(taken);
                steps++;
            } while (taken > 0 && !chunks.IsDone);
            if (chunks.IsDone)
                return await EndAsync();
            var more = await MoreAsync();
            if (more != Progress.More)
                return more == Progress.Closed && Ended() && await EndAsync();
        }
    }

    /// <summary>Whether the client takes this last part too is not the instance's business: it has answered.</summary>
    [AsyncMethodBuilder(typeof(Reused<>))]
    private async ValueTask<bool> EndAsync()
    {
        connection.Relax();
        await Client.FlushAsync();
        return true;
    }

    /// <summary>Whether the connection's end is the body's.</summary>
    private bool Ended() =>
        Head.Framing == Framing.UntilClose && !connection.HasBroken
            ? true
            : throw new IOException("the connection ended in the middle");

    private void Write(ReadOnlySpan<byte> content)
    {
        Client.Write(content);
        exchange.Gave(content.Length);
        unsent += content.Length;
    }

    /// <summary>
    /// Waits for more. What is there already is sent first where there is something to wait for, or too much of it: an
    /// instance that is always ready must wait for the client too.
    /// </summary>
    [AsyncMethodBuilder(typeof(Reused<>))]
    private async ValueTask<Progress> MoreAsync()
    {
        connection.Expect(limits.Idle);
        var filling = connection.FillAsync();
        if (!filling.IsCompleted)
        {
            (reads, steps) = (0, 0);
        }
        else if (++reads > MostReadsInARow || steps > MostStepsInARow)
        {
            (reads, steps) = (0, 0);
            connection.Relax();
            // Beside the loop, which hears of others meanwhile.
            await Task.Yield();
        }
        if (filling.IsCompleted && unsent < MostUnsent)
            return await filling ? Progress.More : Progress.Closed;
        unsent = 0;
        var flushing = Client.FlushAsync();
        var flushed = flushing.IsCompleted ? await flushing : await connection.TakenAsync(Client, flushing);
        if (flushed.IsCompleted || flushed.IsCanceled || context.RequestAborted.IsCancellationRequested)
            return Progress.Gone;
        connection.Expect(limits.Idle);
        return await filling ? Progress.More : Progress.Closed;
    }

    private enum Progress
    {
        More,
        Closed,
        Gone,
    }
}
