using System.Text.Json;
using System.Text.Json.Nodes;
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
        var body = new JsonObject
        {
            ["build"] = Build,
            ["root"] = root.ToString(),
            ["digest"] = EntryCodec.Digest(state),
            ["state"] = JsonNode.Parse(Wire.ToJson(state)),
        };
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
            file.Write(JsonSerializer.SerializeToUtf8Bytes(body));
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
            var body = JsonNode.Parse(File.ReadAllBytes(path))!;
            if ((string?)body["build"] != Build)
                return null;
            var state = Wire.ToState(JsonSerializer.SerializeToUtf8Bytes(body["state"]));
            var signed = storage.Checkpoints().FirstOrDefault(c => c.Size == state.Size).Checkpoint;
            var root = (string?)body["root"];
            var fits =
                signed is not null
                && signed.StartsWith($"{origin}\n{state.Size}\n", StringComparison.Ordinal)
                && root is not null
                && signed.Split('\n')[2] == Convert.ToBase64String(Convert.FromHexString(root))
                && (string?)body["digest"] == EntryCodec.Digest(state);
            return fits ? state : null;
        }
        catch (Exception wrong)
            when (wrong is JsonException or IOException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }
}
