namespace Mintmark.Run;

/// <summary>
/// A memory limit by three means, since none alone is enough (measured on Linux 6.18 with .NET 10, Node 20 and
/// Python 3.11):
/// <list type="bullet">
/// <item>RLIMIT_AS is of no use: .NET and Node reserve gigabytes of addresses and do not start under it.</item>
/// <item>RLIMIT_DATA counts private writable memory and all of them live with it, but it counts address ranges, thread
/// stacks too: an idle .NET web service has 127 MB of it and 8 MB of memory. So it stands well above the limit, as the
/// wall that no single process gets through between two looks.</item>
/// <item>The runtimes' own limits make them collect garbage in time: .NET is told by its environment.</item>
/// <item>What counts is the memory that all processes of the instance have for themselves. The planner looks at it
/// each round and stops an instance that is above its limit.</item>
/// </list>
/// Control groups would do it in the kernel, but belong to whoever runs the machine: they are not ours to lay out.
/// </summary>
internal static class MemoryLimit
{
    private const long Stacks = 256L << 20;

    public static long DataBytes(long limit) => (2 * limit) + Stacks;

    /// <summary>
    /// As .NET does by itself in a container: three quarters for its heap, the rest for everything else.
    /// </summary>
    public static string DotnetHeap(long limit) => $"0x{limit / 4 * 3:x}";
}
