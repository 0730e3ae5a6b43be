using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Mintmark.Gateway.Wire;

/// <summary>The kernel's calls for sockets and for hearing of many of them (epoll), of Linux alone.</summary>
static class Libc
{
    public const int WouldBlock = 11;
    public const int Interrupted = 4;

    public const int Receivable = 0x1;
    public const int Sendable = 0x4;
    public const int Wrong = 0x8;
    public const int HungUp = 0x10;
    public const int PeerEnded = 0x2000;
    public const int EdgeTriggered = 1 << 31;

    /// <summary>Of epoll_event, which is packed on x86-64 alone: a mask, and eight bytes of ours.</summary>
    public static readonly int EventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    private const nuint UnacknowledgedRequest = 0x5411;
    private const int Peek = 0x2;
    private const int DontWait = 0x40;
    private const int NoSignal = 0x4000;
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;
    private const int InternetFamily = 2;
    private const int Stream = 1;
    private const int TcpLevel = 6;
    private const int NoDelay = 1;
    private const int SocketLevel = 1;
    private const int SocketErrorOption = 4;
    private const int Linger = 13;
    private const int AddToEpoll = 1;
    private const int DropFromEpoll = 2;
    private const int WriteEnd = 1;
    private const int InProgress = 115;
    private const int Descriptors = 7;

    public static int Epoll() => Checked(epoll_create1(CloseOnExec));

    public static void Watch(int epoll, int descriptor, int events, ulong key)
    {
        Span<byte> wanted = stackalloc byte[16];
        MemoryMarshal.Write(wanted, events);
        MemoryMarshal.Write(wanted[(EventSize - sizeof(ulong))..], key);
        Checked(epoll_ctl(epoll, AddToEpoll, descriptor, ref MemoryMarshal.GetReference(wanted)));
    }

    public static void Forget(int epoll, int descriptor)
    {
        Span<byte> unused = stackalloc byte[16];
        _ = epoll_ctl(epoll, DropFromEpoll, descriptor, ref MemoryMarshal.GetReference(unused));
    }

    /// <returns>How many events there are; 0 where it was woken for none.</returns>
    public static int Wait(int epoll, Span<byte> events)
    {
        var count = epoll_wait(epoll, ref MemoryMarshal.GetReference(events), events.Length / EventSize, -1);
        return count >= 0 ? count
            : Marshal.GetLastPInvokeError() == Interrupted ? 0
            : throw Failed();
    }

    /// <returns>What the kernel says: a count, or -1 with an error number.</returns>
    public static (int Count, int Error) Receive(int descriptor, Span<byte> into, bool onlyLook = false)
    {
        var flags = onlyLook ? DontWait | Peek : DontWait;
        var count = (int)recv(descriptor, ref MemoryMarshal.GetReference(into), into.Length, flags);
        return count >= 0 ? (count, 0) : (count, Marshal.GetLastPInvokeError());
    }

    public static (int Count, int Error) Send(int descriptor, ReadOnlySpan<byte> bytes)
    {
        var count = (int)send(descriptor, in MemoryMarshal.GetReference(bytes), bytes.Length, DontWait | NoSignal);
        return count >= 0 ? (count, 0) : (count, Marshal.GetLastPInvokeError());
    }

    /// <returns>A socket of its own, that may still be connecting.</returns>
    /// <exception cref="SocketException">Nobody listens there, or the process has no descriptor left.</exception>
    public static int Connect(IPEndPoint place)
    {
        var descriptor = Checked(socket(InternetFamily, Stream | NonBlocking | CloseOnExec, 0));
        SetNoDelay(descriptor);
        Span<byte> address = stackalloc byte[16];
        address.Clear();
        MemoryMarshal.Write(address, (short)InternetFamily);
        BinaryPrimitives.WriteUInt16BigEndian(address[2..], (ushort)place.Port);
        place.Address.TryWriteBytes(address[4..], out _);
        if (connect(descriptor, in MemoryMarshal.GetReference(address), address.Length) == 0)
            return descriptor;
        var error = Marshal.GetLastPInvokeError();
        if (error == InProgress)
            return descriptor;
        _ = close(descriptor);
        throw Failed(error);
    }

    /// <exception cref="SocketException">It was not connected.</exception>
    public static void CheckConnected(int descriptor)
    {
        var (error, size) = (0, sizeof(int));
        Checked(getsockopt(descriptor, SocketLevel, SocketErrorOption, ref error, ref size));
        if (error != 0)
            throw Failed(error);
    }

    public static void SetNoDelay(int descriptor)
    {
        var on = 1;
        _ = setsockopt(descriptor, TcpLevel, NoDelay, in on, sizeof(int));
    }

    /// <summary>Its peer learns at the close that this is no proper end.</summary>
    public static void ResetOnClose(int descriptor) => SetLinger(descriptor, [1, 0]);

    /// <summary>
    /// What was sent goes on its way after the close. It is so by itself, but an accepted socket has what the listening
    /// one was told: by .NET, where another process that had it closed it, to break off all.
    /// </summary>
    public static void SendBeyondClose(int descriptor) => SetLinger(descriptor, [0, 0]);

    private static void SetLinger(int descriptor, ReadOnlySpan<int> onAndSeconds) =>
        _ = setsockopt(descriptor, SocketLevel, Linger, in onAndSeconds[0], 2 * sizeof(int));

    /// <summary>Says that nothing more comes.</summary>
    public static void EndSending(int descriptor) => _ = shutdown(descriptor, WriteEnd);

    /// <summary>What was sent and the peer has not acknowledged (SIOCOUTQ), in bytes.</summary>
    public static int Unacknowledged(int descriptor)
    {
        var bytes = 0;
        return ioctl(descriptor, UnacknowledgedRequest, ref bytes) == 0 ? bytes : 0;
    }

    public static void Close(int descriptor) => _ = close(descriptor);

    /// <summary>How many descriptors the process may have at once (RLIMIT_NOFILE).</summary>
    public static long MostDescriptors()
    {
        Span<long> limits = stackalloc long[2];
        Checked(getrlimit(Descriptors, ref limits[0]));
        // One without a limit has the largest number there is, which is -1 here.
        return limits[0] < 0 ? long.MaxValue / 4 : limits[0];
    }

    public static SocketException Failed(int error) =>
        new(
            error switch
            {
                111 => (int)SocketError.ConnectionRefused,
                110 => (int)SocketError.TimedOut,
                104 or 32 => (int)SocketError.ConnectionReset,
                99 => (int)SocketError.AddressNotAvailable,
                23 or 24 => (int)SocketError.TooManyOpenSockets,
                // No memory, no more descriptors that may be watched, no buffers.
                12 or 28 or 105 => (int)SocketError.NoBufferSpaceAvailable,
                _ => (int)SocketError.SocketError,
            },
            Marshal.GetPInvokeErrorMessage(error)
        );

    private static SocketException Failed() => Failed(Marshal.GetLastPInvokeError());

    private static int Checked(int result) => result >= 0 ? result : throw Failed();

    [DllImport("libc", SetLastError = true)]
    private static extern int epoll_create1(int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int epoll_ctl(int epoll, int operation, int descriptor, ref byte wanted);

    [DllImport("libc", SetLastError = true)]
    private static extern int epoll_wait(int epoll, ref byte events, int most, int milliseconds);

    [DllImport("libc", SetLastError = true)]
    private static extern nint recv(int descriptor, ref byte into, nint length, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern nint send(int descriptor, in byte bytes, nint length, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int socket(int family, int type, int protocol);

    [DllImport("libc", SetLastError = true)]
    private static extern int connect(int descriptor, in byte address, int length);

    [DllImport("libc", SetLastError = true)]
    private static extern int getsockopt(int descriptor, int level, int option, ref int value, ref int length);

    [DllImport("libc")]
    private static extern int setsockopt(int descriptor, int level, int option, in int value, int length);

    [DllImport("libc", SetLastError = true)]
    private static extern int getrlimit(int resource, ref long limits);

    [DllImport("libc")]
    private static extern int ioctl(int descriptor, nuint request, ref int value);

    [DllImport("libc")]
    private static extern int shutdown(int descriptor, int how);

    [DllImport("libc")]
    private static extern int close(int descriptor);
}
