using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Mintmark.Gateway.Plain;

/// <summary>Passes an answer on as it comes, and no faster than the client takes it.</summary>
sealed class Answer(HttpContext context, Exchange exchange, UpstreamConnection connection, TimeLimits limits)
{
    private const int MostInterim = 16;
    private const int MostUnsent = 64 << 10;

    private int unsent;

    private AnswerHead Head => connection.Head;

    private PipeWriter Client => context.Response.BodyWriter;

    /// <summary>Reads heads until one is final; the request's body may be told to come by one before it.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask ReadHeadAsync(RequestBody? body)
    {
        var toHead = HttpMethods.IsHead(context.Request.Method);
        var interim = 0;
        while (true)
        {
            while (!Head.Parse(connection.Received, toHead))
            {
                if (!await connection.FillAsync())
                    throw new IOException("the connection ended before an answer");
            }
            if (!Head.IsInterim)
                return;
            if (++interim > MostInterim)
                throw new UnclearAnswerException("it has too many interim answers");
            if (Head.Status == StatusCodes.Status100Continue)
                body?.Continue();
            connection.Consume(Head.Taken);
            Head.Clear();
        }
    }

    public void PassHead()
    {
        exchange.Hear();
        var response = context.Response;
        response.StatusCode = Head.Status;
        var bytes = connection.Received;
        for (var i = 0; i < Head.Fields.Count; i++)
        {
            var (namePlace, valuePlace) = Head.Fields[i];
            var (start, end) = (namePlace.Start.Value, valuePlace.End.Value);
            var line = bytes[start..end];
            var (nameLength, valueLength) = (namePlace.End.Value - start, end - valuePlace.Start.Value);
            var field = connection.Memory.Read(i, line, nameLength, valueLength);
            var (name, value) = (field.Name, field.Value);
            if (field.IsHopByHop || Head.IsNominated(name) || exchange.Hears(name, value))
                continue;
            var before = response.Headers[name];
            response.Headers[name] = before.Count == 0 ? value : StringValues.Concat(before, value);
        }
        response.ContentLength = Head.Status == StatusCodes.Status204NoContent ? null : Head.Length;
        exchange.Stamp(response);
        exchange.Place?.Leave(answered: Head.Status < StatusCodes.Status500InternalServerError);
        connection.Consume(Head.Taken);
    }

    /// <returns>False where the client takes no more of it.</returns>
    public ValueTask<bool> PassBodyAsync() =>
        Head.Framing switch
        {
            Framing.None => ValueTask.FromResult(true),
            Framing.Chunked => PassChunksAsync(),
            _ => PassBytesAsync(Head.Framing == Framing.Length ? Head.Length!.Value : long.MaxValue),
        };

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
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

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
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
            } while (taken > 0 && !chunks.IsDone);
            if (chunks.IsDone)
                return await EndAsync();
            var more = await MoreAsync();
            if (more != Progress.More)
                return more == Progress.Closed && Ended() && await EndAsync();
        }
    }

    /// <summary>Whether the client takes this last part too is not the instance's business: it has answered.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> EndAsync()
    {
        connection.Relax();
        await Client.FlushAsync();
        return true;
    }

    /// <summary>Whether the connection's end is the body's.</summary>
    private bool Ended() =>
        Head.Framing == Framing.UntilClose ? true : throw new IOException("the connection ended in the middle");

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
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Progress> MoreAsync()
    {
        connection.Expect(limits.Idle);
        var filling = connection.FillAsync();
        if (filling.IsCompleted && unsent < MostUnsent)
            return await filling ? Progress.More : Progress.Closed;
        unsent = 0;
        var flushing = Client.FlushAsync();
        if (!flushing.IsCompleted)
            connection.Relax();
        var flushed = await flushing;
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
