using System.Runtime.InteropServices;

namespace Mintmark.Run;

internal static class Kernel
{
    private const long PidfdSendSignal = 424;
    private const long PidfdOpen = 434;

    public static bool IsRoot { get; } = Environment.IsPrivilegedProcess;

    /// <summary>
    /// Signals this very process and no later owner of its pid: the descriptor is opened first, and the start time
    /// that is read while it is open belongs to the process that it stands for.
    /// </summary>
    public static void Signal(int pid, long startTicks, StopSignal signal)
    {
        var descriptor = Call(PidfdOpen, pid, 0, 0, 0);
        if (descriptor < 0)
            return;
        using var handle = new Microsoft.Win32.SafeHandles.SafeFileHandle((nint)descriptor, ownsHandle: true);
        if (ProcStat.Read(pid)?.StartTicks == startTicks)
            Call(PidfdSendSignal, descriptor, (long)signal, 0, 0);
    }

    public static long OpenFilesLimit()
    {
        const int openFiles = 7;
        var limit = default(Limit);
        return GetLimit(openFiles, ref limit) == 0 ? (long)Math.Min(limit.Hard, long.MaxValue) : long.MaxValue;
    }

    public static void Own(string path, int uid)
    {
        if (LChown(path, (uint)uid, (uint)uid) != 0)
            throw new IOException($"cannot give {path} to user {uid}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    /// <summary>Also of a file that somebody has locked.</summary>
    public static void Empty(string path)
    {
        if (Truncate(path, 0) != 0)
            throw new IOException($"cannot empty {path}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    public static int OwnerOf(string path)
    {
        // struct statx: stx_uid is its sixth 32-bit word, on every architecture.
        Span<uint> answer = stackalloc uint[64];
        const int relativeToHere = -100;
        const int noFollow = 0x100;
        const uint wantUid = 0x8;
        return StatX(relativeToHere, path, noFollow, wantUid, ref answer[0]) == 0
            ? (int)answer[5]
            : throw new IOException($"cannot look at {path}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [DllImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static extern long Call(long number, long a, long b, long c, long d);

    [DllImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    private static extern int GetLimit(int resource, ref Limit limit);

    [DllImport("libc", EntryPoint = "truncate", SetLastError = true)]
    private static extern int Truncate([MarshalAs(UnmanagedType.LPUTF8Str)] string path, long length);

    [DllImport("libc", EntryPoint = "lchown", SetLastError = true)]
    private static extern int LChown([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint uid, uint gid);

    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static extern int StatX(
        int folder,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string path,
        int flags,
        uint mask,
        ref uint answer
    );

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
