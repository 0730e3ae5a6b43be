using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using Mintmark.Gateway.Surges;

namespace Mintmark.Gateway.Guard;

/// <summary>
/// Weighs the frames of one connection of HTTP/2 (RFC 9113, section 10.5): those that ask for work and bring none, and
/// streams that are reset before there can be an answer. It sees each frame's nine bytes of head alone.
/// </summary>
sealed class FrameCount
{
    public const int MostAtOnce = 10_000;
    public const int MostResetsAtOnce = 200;

    private const int FramesEachSecond = 1_000;
    private const int ResetsEachSecond = 50;

    /// <summary>For something that was sent, a client may send a ping, and make room for it at two places.</summary>
    private const int FreeForEachAnswer = 4;

    private const int PrefaceLength = 24;
    private const int HeadLength = 9;
    private const byte EndStream = 1;

    /// <summary>No stream is young for longer than four of these, however seldom frames come.</summary>
    private static readonly long Window = Stopwatch.Frequency / 4;

    private static readonly Bucket Frames = new((double)Stopwatch.Frequency / FramesEachSecond, MostAtOnce);
    private static readonly Bucket Resets = new((double)Stopwatch.Frequency / ResetsEachSecond, MostResetsAtOnce);

    private readonly byte[] head = new byte[HeadLength];
    private int have;
    private int toSkip = PrefaceLength;
    private int free;
    private long framesFullAt = long.MinValue;
    private long resetsFullAt = long.MinValue;

    private long since;
    private uint highest;
    private uint highestBefore;

    /// <summary>Streams up to this one were opened a <see cref="Window"/> ago or earlier.</summary>
    private uint highestOfOld;

    private enum Kind : byte
    {
        Content = 0,
        Headers = 1,
        Reset = 3,
        Continuation = 9,
    }

    /// <summary>The client has asked for something.</summary>
    public bool HasAsked => highest > 0;

    /// <summary>Something was sent that the client had asked for.</summary>
    public void Answered()
    {
        if (Volatile.Read(ref free) < MostAtOnce)
            Interlocked.Add(ref free, FreeForEachAnswer);
    }

    /// <param name="bytes">What has come since the last time.</param>
    /// <param name="now">As a stopwatch has it.</param>
    /// <returns>What was too much; null where nothing was.</returns>
    public Reason? Read(in ReadOnlySequence<byte> bytes, long now)
    {
        Age(now);
        foreach (var memory in bytes)
        {
            var span = memory.Span;
            while (!span.IsEmpty)
            {
                var taken = toSkip > 0 ? Math.Min(toSkip, span.Length) : Fill(span);
                toSkip = Math.Max(0, toSkip - taken);
                span = span[taken..];
                if (have < HeadLength)
                    continue;
                have = 0;
                toSkip = BinaryPrimitives.ReadInt32BigEndian(head) >>> 8;
                if (Weigh(now) is { } tooMuch)
                    return tooMuch;
            }
        }
        return null;
    }

    /// <summary>
    /// The web server has reset a stream for what the client did there: as if the client had, whatever its age. On the
    /// thread that reads.
    /// </summary>
    /// <returns>As <see cref="Read"/>.</returns>
    public Reason? Failed(long now) => Resets.Take(ref resetsFullAt, now, part: 1) == 0 ? null : Reason.Resets;

    private int Fill(ReadOnlySpan<byte> span)
    {
        var taken = Math.Min(HeadLength - have, span.Length);
        span[..taken].CopyTo(head.AsSpan(have));
        have += taken;
        return taken;
    }

    private Reason? Weigh(long now)
    {
        var (kind, flags) = ((Kind)head[3], head[4]);
        var stream = BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(5)) & int.MaxValue;
        if (kind == Kind.Headers)
            highest = Math.Max(highest, stream);
        if (kind == Kind.Reset && stream > highestOfOld)
            return Failed(now);
        var brings = kind == Kind.Headers || (kind is Kind.Content or Kind.Continuation && toSkip > 0);
        if (brings || (kind == Kind.Content && (flags & EndStream) != 0) || TakeFree())
            return null;
        return Frames.Take(ref framesFullAt, now, part: 1) == 0 ? null : Reason.Frames;
    }

    private bool TakeFree()
    {
        if (Volatile.Read(ref free) <= 0)
            return false;
        Interlocked.Decrement(ref free);
        return true;
    }

    /// <summary>Before the frames that have come now are read.</summary>
    private void Age(long now)
    {
        var passed = now - since;
        if (passed < Window)
            return;
        highestOfOld = passed < 2 * Window ? highestBefore : highest;
        (highestBefore, since) = (highest, now);
    }
}
