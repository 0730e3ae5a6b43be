using Mintmark.Log;
using Mintmark.Releases;

namespace Mintmark.Cli;

/// <summary>The state that an export brings along: canonical JSON of the fold of its entries.</summary>
internal static class StateFile
{
    public const string Name = "state.json";

    public static void Write(string folder, State state) =>
        File.WriteAllBytes(Path.Combine(folder, Name), ToBytes(state));

    /// <summary>How the file differs from the fold; null where it does not.</summary>
    public static LogFinding? Differs(string folder, State state)
    {
        var path = Path.Combine(folder, Name);
        if (!File.Exists(path))
            return new LogFinding("it is missing", File: Name);
        var stored = File.ReadAllBytes(path);
        var folded = ToBytes(state);
        var same = stored.AsSpan().CommonPrefixLength(folded);
        return same == stored.Length && same == folded.Length
            ? null
            : new LogFinding($"from byte {same} on it is not the fold of the entries", File: Name);
    }

    private static byte[] ToBytes(State state) => CanonicalJson.Canonicalize(Wire.ToJson(state));
}
