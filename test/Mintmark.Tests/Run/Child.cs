using System.Diagnostics;

namespace Mintmark.Tests.Run;

/// <summary>A process that ends with its test, also where that fails: it would hold open what it inherited.</summary>
sealed record Child(Process Process) : IDisposable
{
    public void Dispose()
    {
        if (!Process.HasExited)
            Process.Kill(entireProcessTree: true);
        Process.Dispose();
    }
}
