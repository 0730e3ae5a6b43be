using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;

namespace Mintmark.Cli;

/// <summary>
/// Whose the programs are that take connections on this machine. While a control plane is away any user may listen in
/// its place, and would be sent tokens.
/// </summary>
internal static class Listeners
{
    private const string Listening = "0A";
    private const uint Root = 0;

    /// <summary>A user who listens there and is neither root nor one of the owners of these paths nor we.</summary>
    /// <returns>Null where there is none, or the system does not show who listens: in a container, say.</returns>
    public static uint? StrangerAt(IPEndPoint address, params IEnumerable<string> paths)
    {
        if (!IPAddress.IsLoopback(address.Address))
            return null;
        var trusted = paths.Prepend("/proc/self").Select(OwnerOf).OfType<uint>().Append(Root).ToHashSet();
        return OwnersOf(address, Rows())
            .Where(uid => !trusted.Contains(uid))
            .Select(uid => (uint?)uid)
            .FirstOrDefault();
    }

    /// <summary>By rows of /proc/net/tcp and tcp6. Who listens at the very address gets what is sent there; only
    /// where nobody does, those get it who listen at all addresses.</summary>
    public static IReadOnlyList<uint> OwnersOf(IPEndPoint address, IEnumerable<string> rows)
    {
        var there = new List<(bool Exactly, uint Uid)>();
        foreach (var row in rows)
        {
            var cells = row.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (cells is not [_, var local, _, Listening, _, _, _, var uid, ..])
                continue;
            var at = Parse(local);
            var exactly = at.Address.Equals(address.Address);
            var everywhere = at.Address.Equals(IPAddress.Any) || at.Address.Equals(IPAddress.IPv6Any);
            if (at.Port == address.Port && (exactly || everywhere))
                there.Add((exactly, uint.Parse(uid, CultureInfo.InvariantCulture)));
        }
        var isExact = there.Any(one => one.Exactly);
        return [.. there.Where(one => one.Exactly == isExact).Select(one => one.Uid)];
    }

    /// <summary>Words of 32 bits in the order of this machine, then a colon and the port.</summary>
    private static IPEndPoint Parse(string local)
    {
        var colon = local.LastIndexOf(':');
        var bytes = local[..colon]
            .Chunk(8)
            .SelectMany(word => BitConverter.GetBytes(Convert.ToUInt32(new string(word), 16)))
            .ToArray();
        var address = new IPAddress(bytes);
        return new IPEndPoint(
            address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address,
            Convert.ToInt32(local[(colon + 1)..], 16)
        );
    }

    private static List<string> Rows()
    {
        var rows = new List<string>();
        foreach (var table in (string[])["/proc/net/tcp", "/proc/net/tcp6"])
        {
            try
            {
                rows.AddRange(File.ReadLines(table).Skip(1));
            }
            catch (Exception hidden) when (hidden is IOException or UnauthorizedAccessException)
            {
                // Not shown here.
            }
        }
        return rows;
    }

    /// <returns>Null of what is not there, or cannot be looked at.</returns>
    private static uint? OwnerOf(string path)
    {
        const int relativeToHere = -100;
        const uint wantUid = 0x8;
        // struct statx: stx_uid is its sixth 32-bit word, on every architecture.
        var answer = new uint[64];
        return StatX(relativeToHere, path, 0, wantUid, answer) == 0 ? answer[5] : null;
    }

    [DllImport("libc", EntryPoint = "statx")]
    private static extern int StatX(
        int folder,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string path,
        int flags,
        uint mask,
        [Out] uint[] status
    );
}
