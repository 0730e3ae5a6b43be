using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Mintmark.Gateway.Succession;

/// <summary>
/// Passes open sockets from one process to another over a Unix domain socket (unix(7), SCM_RIGHTS). Both then have the
/// same socket, with the connections that wait in it: it ends when neither has it any more.
/// </summary>
static unsafe partial class Descriptors
{
    /// <summary>One listening socket for each kind of address, and then some.</summary>
    public const int Most = 16;

    private const int SocketLevel = 1;
    private const int Rights = 1;
    private const int SetFlags = 2;

    /// <summary>A flag of recvmsg (MSG_CMSG_CLOEXEC): what comes is in no process that is just being started.</summary>
    private const int CloseOnExec = 0x40000000;
    private const int DuplicateCloseOnExec = 1030;

    private static readonly Lock Numbering = new();
    private static int nextNumber = 256;

    /// <summary>
    /// .NET ends a socket for everybody when it closes it, except where others may have it: where it stays open
    /// over exec.
    /// </summary>
    public static void Share(Socket socket)
    {
        if (fcntl((int)socket.Handle, SetFlags, 0) < 0)
            throw Failure("a socket cannot be shared");
    }

    /// <param name="text">At least one byte.</param>
    public static void Send(Socket over, ReadOnlySpan<byte> text, ReadOnlySpan<int> descriptors)
    {
        var control = stackalloc long[Control(descriptors.Length) / sizeof(long)];
        var header = (Header*)control;
        *header = new Header
        {
            Length = (nuint)(sizeof(Header) + descriptors.Length * sizeof(int)),
            Level = SocketLevel,
            Type = Rights,
        };
        descriptors.CopyTo(new Span<int>(header + 1, descriptors.Length));
        fixed (byte* bytes = text)
        {
            var part = new Part { Start = bytes, Length = (nuint)text.Length };
            var message = new Message
            {
                Parts = &part,
                PartCount = 1,
                Control = control,
                ControlLength = (nuint)Control(descriptors.Length),
            };
            if (sendmsg((int)over.Handle, &message, 0) != text.Length)
                throw Failure("the sockets cannot be handed over");
        }
    }

    /// <returns>How much text came, and the descriptors that came with it.</returns>
    public static (int Length, int[] Descriptors) Receive(Socket over, Span<byte> text)
    {
        var room = Control(Most);
        var control = stackalloc long[room / sizeof(long)];
        fixed (byte* bytes = text)
        {
            var part = new Part { Start = bytes, Length = (nuint)text.Length };
            var message = new Message
            {
                Parts = &part,
                PartCount = 1,
                Control = control,
                ControlLength = (nuint)room,
            };
            var length = recvmsg((int)over.Handle, &message, CloseOnExec);
            if (length < 0)
                throw Failure("no sockets were handed over");
            var header = (Header*)control;
            if (message.ControlLength < (nuint)sizeof(Header) || header->Type != Rights || header->Level != SocketLevel)
                return ((int)length, []);
            var count = ((int)header->Length - sizeof(Header)) / sizeof(int);
            return ((int)length, [.. new Span<int>(header + 1, count).ToArray().Select(Renumber)]);
        }
    }

    /// <summary>
    /// No number comes twice in a process. A socket that is closed here and open elsewhere stays known to the epoll of
    /// .NET by its number, and .NET accepts nobody on it again if it comes back with the same one.
    /// </summary>
    private static int Renumber(int descriptor)
    {
        lock (Numbering)
        {
            var other = fcntl(descriptor, DuplicateCloseOnExec, nextNumber);
            if (other < 0)
                throw Failure("a socket that was handed over cannot be kept");
            nextNumber = other + 1;
            using (new SafeFileHandle(descriptor, ownsHandle: true))
                return other;
        }
    }

    private static int Control(int descriptors) =>
        sizeof(Header) + (descriptors * sizeof(int) + sizeof(long) - 1) / sizeof(long) * sizeof(long);

    private static IOException Failure(string what) =>
        new($"{what}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");

    [StructLayout(LayoutKind.Sequential)]
    private struct Part
    {
        public void* Start;
        public nuint Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Message
    {
        public void* Name;
        public uint NameLength;
        public Part* Parts;
        public nuint PartCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Header
    {
        public nuint Length;
        public int Level;
        public int Type;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint sendmsg(int socket, Message* message, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recvmsg(int socket, Message* message, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(int descriptor, int command, int argument);
}
