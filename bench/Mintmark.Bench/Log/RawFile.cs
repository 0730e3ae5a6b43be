using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Mintmark.Bench;

/// <summary>
/// What no log on this disk can beat: one write of the same bytes into a preallocated file, one fdatasync.
/// </summary>
internal sealed class RawFile : IDisposable
{
    private const int Length = 256 << 20;

    private readonly SafeFileHandle file;
    private long at;

    public RawFile(string path)
    {
        file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite);
        var zeros = new byte[1 << 20];
        for (var offset = 0L; offset < Length; offset += zeros.Length)
            RandomAccess.Write(file, zeros, offset);
        RandomAccess.FlushToDisk(file);
    }

    public void Append(IReadOnlyList<byte[]> entries)
    {
        var length = entries.Sum(e => e.Length);
        if (at + length > Length)
            at = 0;
        RandomAccess.Write(file, [.. entries.Select(e => (ReadOnlyMemory<byte>)e)], at);
        at += length;
        if (DataSync(file) != 0)
            throw new Win32Exception();
    }

    public void Dispose() => file.Dispose();

    [DllImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static extern int DataSync(SafeFileHandle file);
}
