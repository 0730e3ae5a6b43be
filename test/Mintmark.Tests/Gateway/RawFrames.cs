using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Mintmark.Tests.Gateway;

/// <summary>HTTP/2 byte by byte (RFC 9113), to say what no client library says.</summary>
static class RawFrames
{
    public const int Data = 0;
    public const int Headers = 1;
    public const int Priority = 2;
    public const int Reset = 3;
    public const int Settings = 4;
    public const int Push = 5;
    public const int Ping = 6;
    public const int GoAway = 7;
    public const int Window = 8;
    public const int Continuation = 9;

    public const int EndStream = 1;
    public const int EndHeaders = 4;

    public static readonly byte[] Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();

    public static byte[] Frame(int type, int flags, int stream, params byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        (frame[3], frame[4]) = ((byte)type, (byte)flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        return frame;
    }

    /// <summary>HPACK without its table: each field in full (RFC 7541, section 6.2.2).</summary>
    public static byte[] Fields(params string[] fields) =>
        [
            .. fields.SelectMany(field =>
            {
                var colon = field.IndexOf(": ", 1, StringComparison.Ordinal);
                var (name, value) = (
                    Encoding.Latin1.GetBytes(field[..colon]),
                    Encoding.Latin1.GetBytes(field[(colon + 2)..])
                );
                return new byte[] { 0, (byte)name.Length }
                    .Concat(name)
                    .Append((byte)value.Length)
                    .Concat(value);
            }),
        ];

    /// <returns>
    /// What the gateway made of it: <c>goaway 1</c> or <c>reset 1</c> with the error's code, <c>status 400</c>, or
    /// <c>closed</c>; the first of these.
    /// </returns>
    /// <param name="until">Passes over what begins otherwise, but the end.</param>
    public static async Task<string> AskAsync(IPEndPoint address, byte[] bytes, string until = "")
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(address);
        var stream = connection.GetStream();
        var sending = SendAsync(stream, bytes);
        try
        {
            while (await ReadAsync(stream) is { } frame)
            {
                var said = frame.Type switch
                {
                    GoAway => $"goaway {BinaryPrimitives.ReadInt32BigEndian(frame.Payload.AsSpan(4))}",
                    Reset => $"reset {BinaryPrimitives.ReadInt32BigEndian(frame.Payload)}",
                    Headers => $"status {Status(frame.Payload)}",
                    _ => null,
                };
                if (said?.StartsWith(until, StringComparison.Ordinal) == true)
                    return said;
            }
        }
        catch (IOException)
        {
            // Closed with something of ours unread.
        }
        await sending;
        return "closed";
    }

    /// <returns>The next one; null where the connection ends.</returns>
    public static async Task<RawFrame?> ReadAsync(Stream stream)
    {
        var head = new byte[9];
        if (await stream.ReadAtLeastAsync(head, 9, throwOnEndOfStream: false) < 9)
            return null;
        var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(head) >>> 8];
        await stream.ReadExactlyAsync(payload);
        return new RawFrame(head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)), payload);
    }

    /// <summary>As much as is taken.</summary>
    static async Task SendAsync(NetworkStream stream, byte[] bytes)
    {
        try
        {
            await stream.WriteAsync(bytes);
        }
        catch (Exception ended) when (ended is IOException or ObjectDisposedException)
        {
            // Who reads says how it ended.
        }
    }

    /// <summary>The first field, which is in HPACK's table for usual ones, or has three digits in full.</summary>
    static string Status(byte[] block) =>
        block[0] switch
        {
            0x88 => "200",
            0x8C => "400",
            0x8D => "404",
            _ => Encoding.Latin1.GetString(block, 2, 3),
        };
}

readonly record struct RawFrame(int Type, int Flags, int Stream, byte[] Payload);
