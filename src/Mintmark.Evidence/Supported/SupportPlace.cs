namespace Mintmark.Evidence;

/// <summary>The table of the home where there is one, else the one that comes with this program.</summary>
/// <param name="path">Of the home's own.</param>
public sealed class SupportPlace(string path)
{
    private const long LargestFile = 4L << 20;

    private readonly Lock loading = new();
    private (DateTime At, long Length, SupportTable Table)? loaded;

    /// <exception cref="MaterialsException">The home's own is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public SupportTable Table()
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            return SupportTable.Shipped;
        if (file.Length > LargestFile)
            throw new MaterialsException(file.Name, "as a whole", $"accepted: up to {LargestFile} bytes");
        lock (loading)
        {
            if (loaded is not { } known || known.At != file.LastWriteTimeUtc || known.Length != file.Length)
                loaded = known = (
                    file.LastWriteTimeUtc,
                    file.Length,
                    SupportTable.Read(file.Name, File.ReadAllBytes(path))
                );
            return known.Table;
        }
    }
}
