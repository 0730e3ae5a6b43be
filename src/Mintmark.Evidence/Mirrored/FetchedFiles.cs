using System.Text.Json;
using Mintmark.Releases;

namespace Mintmark.Evidence;

/// <param name="Address">Whole, as it may hold what is secret: this goes into no log.</param>
/// <param name="Name">Of the file beside the list, which is its SHA-256.</param>
public sealed record FetchedFile(string Address, string? ETag, string Name, long Bytes);

/// <param name="At">When the mirror last said that these are its advisories.</param>
public sealed record FetchedList(DateTimeOffset At, IReadOnlyList<FetchedFile> Files);

/// <summary>
/// What was fetched last, in a folder of the home for its owner alone. The list names the files that count: it is
/// replaced as one, so there are the old ones or the new ones, whatever dies when.
/// </summary>
public sealed class FetchedFiles(string folder)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string ListName = "fetched.json";

    private static readonly JsonSerializerOptions Form = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new UtcConverter() },
    };

    public string Folder => folder;

    /// <summary>Null where nothing was fetched.</summary>
    /// <exception cref="MaterialsException">The list is damaged.</exception>
    public FetchedList? List()
    {
        var path = Path.Combine(folder, ListName);
        if (!File.Exists(path))
            return null;
        try
        {
            return JsonSerializer.Deserialize<FetchedList>(File.ReadAllBytes(path), Form);
        }
        catch (JsonException wrong)
        {
            throw new MaterialsException(path, $"line {wrong.LineNumber + 1}", "delete it and fetch again");
        }
    }

    public string PathOf(FetchedFile file) => Path.Combine(folder, file.Name);

    public FileStream Create(string name) =>
        new(
            Path.Combine(folder, name),
            new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.ReadWrite,
                Options = FileOptions.Asynchronous,
                UnixCreateMode = OwnerOnly,
            }
        );

    public void Prepare() => Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);

    /// <summary>From now on these count; what is not among them is deleted.</summary>
    public void Keep(FetchedList list)
    {
        var aside = Path.Combine(folder, ListName + ".new");
        using (var file = Create(ListName + ".new"))
        {
            file.Write(JsonSerializer.SerializeToUtf8Bytes(list, Form));
            file.Flush(flushToDisk: true);
        }
        File.Move(aside, Path.Combine(folder, ListName), overwrite: true);
        Clear(list);
    }

    /// <summary>Deletes what no list names.</summary>
    public void Clear(FetchedList? list)
    {
        var names = list?.Files.Select(f => f.Name).Append(ListName).ToHashSet(StringComparer.Ordinal) ?? [];
        foreach (var path in Directory.EnumerateFiles(folder))
            if (!names.Contains(Path.GetFileName(path)))
                File.Delete(path);
    }
}
