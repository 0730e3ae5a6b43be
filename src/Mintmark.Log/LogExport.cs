namespace Mintmark.Log;

/// <summary>
/// The log as static files (c2sp.org/tlog-tiles), and the verifier key beside them: whoever has them needs neither us
/// nor a network to check them.
/// </summary>
public static class LogExport
{
    internal const string CheckpointFile = "checkpoint";
    internal const string KeyFile = "key";

    internal static string KeyText(string verifierText) => verifierText + "\n";

    /// <summary>Writes a folder that was not there before; it appears whole or not at all.</summary>
    /// <param name="verifierText">The first keys of the log.</param>
    /// <param name="storage">A snapshot, or a log that nobody writes to meanwhile.</param>
    /// <exception cref="LogCorruptException">The log is not what was signed; nothing is exported.</exception>
    /// <exception cref="LogStorageException">There is nothing to export, or it cannot be written.</exception>
    public static void Write(
        ILogStorage storage,
        string verifierText,
        string directory,
        HandoverReader? handovers = null
    )
    {
        var note = storage.Checkpoint ?? throw new LogStorageException("the log is empty: there is nothing to export");
        WholeFolder.Write(directory, folder => new ExportWriter(folder, handovers).Write(storage, note, verifierText));
    }

    /// <summary>Offline. Every byte of every file counts, and no file may be missing or be there besides.</summary>
    /// <param name="trusted">
    /// The key that the reader had from elsewhere. Without it the export is only held against the key it brings along.
    /// </param>
    /// <exception cref="LogStorageException">The folder or a file in it cannot be read.</exception>
    public static LogReport Verify(string directory, LogVerifier? trusted, HandoverReader? handovers = null) =>
        Directory.Exists(directory)
            ? Reading(directory, () => new ExportAudit(Path.GetFullPath(directory), handovers).Run(trusted))
            : throw new LogStorageException($"there is no export at {directory}");

    /// <summary>The entries in order. They are what was signed only if <see cref="Verify"/> found nothing.</summary>
    /// <exception cref="LogCorruptException">A file is not one of an export.</exception>
    /// <exception cref="LogStorageException">The folder or a file in it cannot be read.</exception>
    public static IEnumerable<StoredEntry> Read(string directory)
    {
        var size = Reading(directory, () => Opened(directory).Size);
        for (var first = 0L; first < size; first += Tile.Width)
        {
            var width = (int)Math.Min(Tile.Width, size - first);
            var path = EntryBundle.PathOf(first / Tile.Width, width);
            var bytes = Reading(directory, () => File.ReadAllBytes(Path.Combine(directory, path)));
            var (bodies, isWhole) = EntryBundle.Decode(bytes, width);
            if (!isWhole)
                throw new LogCorruptException($"{path} does not hold {width} entries", first + bodies.Count);
            for (var i = 0; i < width; i++)
                yield return new StoredEntry(first + i, bodies[i], Merkle.LeafHash(bodies[i]));
        }
    }

    static Checkpoint Opened(string directory)
    {
        try
        {
            return Checkpoint.Parse(SignedNote.Parse(File.ReadAllText(Path.Combine(directory, CheckpointFile))).Text);
        }
        catch (FormatException e)
        {
            throw new LogCorruptException($"{CheckpointFile}: {e.Message}", null, e);
        }
    }

    internal static T Reading<T>(string directory, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LogStorageException($"cannot read the export in {directory}: {e.Message}", e);
        }
    }
}
