using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Mintmark.Releases;

/// <summary>
/// What must hold in Release builds too. A breach means that memory no longer agrees with the log:
/// whoever catches it at the edge of the process stops the process, which recovers on load.
/// </summary>
public static class Invariant
{
    public static void Require(
        [DoesNotReturnIf(false)] bool holds,
        string what,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    )
    {
        if (!holds)
            throw new InvariantBrokenException($"{what} ({Path.GetFileName(file)}:{line})");
    }
}

public sealed class InvariantBrokenException(string message) : Exception(message);
