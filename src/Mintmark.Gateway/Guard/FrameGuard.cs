using System.Diagnostics;
using System.IO.Pipelines;
using System.Net.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Mintmark.Gateway.Succession;

namespace Mintmark.Gateway.Guard;

/// <summary>
/// Stands between a connection of HTTP/2 and the web server, which answers each frame as it comes, and cuts off who
/// sends too many. Nothing that passes is changed or held; the client is told when it is time to go.
/// </summary>
sealed class FrameGuard(Doorkeeper doorkeeper, Visitors visitors)
{
    /// <summary>Behind TLS, where there is any.</summary>
    /// <param name="always">The protocol is HTTP/2 whatever was agreed on.</param>
    public Func<ConnectionDelegate, ConnectionDelegate> Watch(bool always) =>
        next =>
            async connection =>
            {
                var agreed = connection.Features.Get<ITlsApplicationProtocolFeature>()?.ApplicationProtocol;
                if (!always && agreed?.Span.SequenceEqual(SslApplicationProtocol.Http2.Protocol.Span) != true)
                {
                    await next(connection);
                    return;
                }
                var plain = connection.Transport;
                var (count, farewell) = (new FrameCount(), new Farewell(plain.Output));
                connection.Transport = new Watched(
                    new Reader(
                        plain.Input,
                        count,
                        why => doorkeeper.Cut(connection, why),
                        () => visitors.Expect(connection, farewell)
                    ),
                    new Writer(farewell, count)
                );
                connection.Features.Set(count);
                try
                {
                    await next(connection);
                }
                finally
                {
                    farewell.End();
                    connection.Transport = plain;
                }
            };

    private sealed record Watched(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    /// <param name="asks">
    /// Called once, with the first request. A client whose new connection is to end before it has asked for anything
    /// may take that for a failure of what it was about to ask.
    /// </param>
    private sealed class Reader(PipeReader inner, FrameCount count, Action<Reason> cut, Action asks) : PipeReader
    {
        private Action? asks = asks;
        private ReadResult last;

        /// <summary>Bytes at the beginning of what was read that were counted before.</summary>
        private long counted;

        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            var reading = inner.ReadAsync(cancellationToken);
            return reading.IsCompletedSuccessfully ? ValueTask.FromResult(Count(reading.Result)) : AwaitAsync(reading);
        }

        public override bool TryRead(out ReadResult result)
        {
            var isThere = inner.TryRead(out result);
            if (isThere)
                Count(result);
            return isThere;
        }

        public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
        {
            counted -= last.Buffer.Slice(0, consumed).Length;
            inner.AdvanceTo(consumed, examined);
        }

        public override void CancelPendingRead() => inner.CancelPendingRead();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        private async ValueTask<ReadResult> AwaitAsync(ValueTask<ReadResult> reading) => Count(await reading);

        private ReadResult Count(ReadResult read)
        {
            last = read;
            if (count.Read(read.Buffer.Slice(counted), Stopwatch.GetTimestamp()) is { } why)
                cut(why);
            if (count.HasAsked)
            {
                asks?.Invoke();
                asks = null;
            }
            counted = read.Buffer.Length;
            return read;
        }
    }

    private sealed class Writer(PipeWriter inner, FrameCount count) : PipeWriter
    {
        /// <summary>A ping's acknowledgement is as long; those of settings are shorter.</summary>
        private const int NoAnswer = 17;

        public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

        public override long UnflushedBytes => inner.UnflushedBytes;

        public override void Advance(int bytes) => inner.Advance(bytes);

        public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            if (inner.UnflushedBytes > NoAnswer)
                count.Answered();
            return inner.FlushAsync(cancellationToken);
        }

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);
    }
}
