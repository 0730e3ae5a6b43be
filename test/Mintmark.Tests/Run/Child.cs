using System.Diagnostics;

namespace Mintmark.Tests.Run;

/// <summary>A process that does not outlive its test, also where that fails: it would hold what it inherited open.</summary>
sealed record Child(Process Process) : IDisposable
{
    public void Dispose()
    {
        if (!Process.HasExited)
            Process.Kill(entireProcessTree: true);
        Process.Dispose();
    }
}
