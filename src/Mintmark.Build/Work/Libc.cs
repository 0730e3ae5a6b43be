using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Mintmark.Build;

internal enum FileKind
{
    Other,
    File,
    Folder,
    Link,
}

internal readonly record struct FileStatus(FileKind Kind, uint Uid, uint Gid, long Length, bool Executable);

/// <summary>What .NET has no call for. No call here follows a link at the end of a path.</summary>
internal static class Libc
{
    public const int Kill9 = 9;

    private const int NoSuchProcess = 3;
    private const int CurrentFolder = -100;
    private const int DoNotFollow = 0x100;
    private const uint BasicStatus = 0x7ff;

    public static FileStatus Status(string path)
    {
        var buffer = new byte[256];
        if (StatX(CurrentFolder, path, DoNotFollow, BasicStatus, buffer) != 0)
            throw Failure(path);
        // struct statx has one layout on every architecture: uid at 20, gid 24, mode 28, size 40.
        var mode = BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(28));
        var kind = (mode & 0xf000) switch
        {
            0x8000 => FileKind.File,
            0x4000 => FileKind.Folder,
            0xa000 => FileKind.Link,
            _ => FileKind.Other,
        };
        return new FileStatus(
            kind,
            BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(20)),
            BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(24)),
            BinaryPrimitives.ReadInt64LittleEndian(buffer.AsSpan(40)),
            (mode & 0x49) != 0
        );
    }

    /// <summary>What changes where a file is changed or replaced; times in ns since 1970.</summary>
    public static (ulong Inode, long Length, long Modified, long Changed) Stamp(string path)
    {
        var buffer = new byte[256];
        if (StatX(CurrentFolder, path, DoNotFollow, BasicStatus, buffer) != 0)
            throw Failure(path);
        // In struct statx the inode is at 32, size at 40, ctime at 96 and mtime at 112.
        return (
            BinaryPrimitives.ReadUInt64LittleEndian(buffer.AsSpan(32)),
            BinaryPrimitives.ReadInt64LittleEndian(buffer.AsSpan(40)),
            TimeAt(112),
            TimeAt(96)
        );

        long TimeAt(int at) =>
            (1_000_000_000 * BinaryPrimitives.ReadInt64LittleEndian(buffer.AsSpan(at)))
            + BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(at + 8));
    }

    public static void ChangeOwner(string path, uint uid, uint gid)
    {
        if (LChOwn(path, uid, gid) != 0)
            throw Failure(path);
    }

    public static bool TryLink(string path, string another) => HardLink(path, another) == 0;

    /// <summary>A new name in a folder survives a power cut only once the folder itself is flushed.</summary>
    public static void FlushFolder(string path) => WithDescriptor(path, FSync);

    /// <summary>Everything written to the file system that holds the path is on disk when this returns.</summary>
    public static void FlushFileSystem(string path) => WithDescriptor(path, SyncFs);

    /// <summary>Kills every process of the group; no such group is as good.</summary>
    public static void KillGroup(int group) => Kill(-group);

    public static void KillProcess(int process) => Kill(process);

    private static void Kill(int target)
    {
        if (SendSignal(target, Kill9) != 0 && Marshal.GetLastPInvokeError() != NoSuchProcess)
            throw Failure($"signal to {target}");
    }

    private static void WithDescriptor(string path, Func<int, int> call)
    {
        var descriptor = Open(path, 0);
        if (descriptor < 0)
            throw Failure(path);
        try
        {
            if (call(descriptor) != 0)
                throw Failure(path);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failure(string what)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"{what}: {Marshal.GetPInvokeErrorMessage(error)}", error);
    }

    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static extern int StatX(
        int folder,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string path,
        int flags,
        uint mask,
        byte[] status
    );

    [DllImport("libc", EntryPoint = "lchown", SetLastError = true)]
    private static extern int LChOwn([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint uid, uint gid);

    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    private static extern int HardLink(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string path,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string another
    );

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int SendSignal(int process, int signal);

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int FSync(int descriptor);

    [DllImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static extern int SyncFs(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    private static extern int Close(int descriptor);
}
