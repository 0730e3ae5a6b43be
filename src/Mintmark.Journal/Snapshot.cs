using System.Security.Cryptography;
using System.Text.Json;
using Mintmark.Log;
using Mintmark.Releases;

namespace Mintmark.Journal;

/// <summary>
/// A state kept beside the log so that a start need not fold from the first entry. It is only believed where the log's
/// own signed checkpoint of the same size has the same root, the state's digest fits and this very build of the fold
/// made it; else it is as if it were not there.
/// </summary>
public sealed class Snapshot(string path)
{
    /// <summary>Another build may fold the same entries to another state, so it starts from the first entry.</summary>
    private static readonly string Build = typeof(State).Module.ModuleVersionId.ToString();

    /// <summary>Written aside and renamed, so that a crash leaves the old one or the new one.</summary>
    public void Save(State state, Hash root)
    {
        var body = Wire.ToJson(state);
        var claim = new SnapshotClaim(Build, state.Size, root.ToBase64(), DigestOf(body));
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var aside = path + ".new";
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var file = new FileStream(aside, options))
        {
            file.Write(claim.ToJson());
            file.WriteByte((byte)'\n');
            file.Write(body);
            file.Flush(flushToDisk: true);
        }
        File.Move(aside, path, overwrite: true);
    }

    /// <returns>Null where there is none, or none to believe.</returns>
    public State? Load(ILogStorage storage, string origin)
    {
        if (!File.Exists(path))
            return null;
        try
        {
            var whole = File.ReadAllBytes(path).AsSpan();
            var end = whole.IndexOf((byte)'\n');
            if (end < 0 || SnapshotClaim.Parse(whole[..end]) is not { } claim)
                return null;
            var body = whole[(end + 1)..];
            if (claim.Build != Build || !IsSigned(claim, storage, origin) || claim.Digest != DigestOf(body))
                return null;
            var state = Wire.ToState(body);
            return state.Size == claim.Size ? state : null;
        }
        catch (Exception wrong) when (wrong is JsonException or IOException)
        {
            return null;
        }
    }

    private static bool IsSigned(SnapshotClaim claim, ILogStorage storage, string origin)
    {
        var (size, note) = storage.Checkpoints(claim.Size).FirstOrDefault();
        return size == claim.Size
            && note is not null
            && note.StartsWith($"{origin}\n{claim.Size}\n{claim.Root}\n", StringComparison.Ordinal);
    }

    private static string DigestOf(ReadOnlySpan<byte> body) =>
        "sha256:" + Convert.ToHexStringLower(SHA256.HashData(body));
}
