using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Mintmark.Gateway.Wire;

/// <summary>
/// Where connections come from, as they are counted: an IPv4 address, or the /64 of an IPv6 address, as one subscriber
/// has all of that.
/// </summary>
readonly record struct Origin(ulong Bits, bool IsSix)
{
    private const int Length = 16;

    public bool IsLoopback => IsSix ? Bits == 0 : Bits >> 24 == 127;

    /// <summary>An IPv4 address that was mapped into IPv6 is that IPv4 address.</summary>
    public static Origin Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[Length];
        address.TryWriteBytes(bytes, out _);
        return address.AddressFamily == AddressFamily.InterNetwork ? Four(bytes)
            : address.IsIPv4MappedToIPv6 ? Four(bytes[12..])
            : new Origin(BinaryPrimitives.ReadUInt64BigEndian(bytes), IsSix: true);
    }

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes.Clear();
        if (!IsSix)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)Bits);
            return new IPAddress(bytes[..4]).ToString();
        }
        BinaryPrimitives.WriteUInt64BigEndian(bytes, Bits);
        return $"{new IPAddress(bytes)}/64";
    }

    private static Origin Four(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt32BigEndian(bytes), IsSix: false);
}
