namespace Mintmark.Evidence;

/// <summary>
/// Which test case verifies which requirement, as a file of the repository says: CSV with a first line of names, or a
/// list of objects in JSON, with <c>case</c> and <c>requirement</c>. A case may end in <c>*</c>.
/// </summary>
internal sealed class CaseMap
{
    private const int MostLines = 100_000;

    private static readonly string[] Cases = ["case", "test", "name"];
    private static readonly string[] Requirements = ["requirement", "requirements", "verifies"];
    private static readonly char[] Between = [',', ';', ' '];

    private readonly Dictionary<string, List<string>> exact = new(StringComparer.Ordinal);
    private readonly List<(string Start, List<string> Ids)> starts = [];

    private CaseMap() { }

    /// <exception cref="MaterialsException">It is neither.</exception>
    public static CaseMap Read(string file, byte[] bytes)
    {
        var map = new CaseMap();
        var lines = file.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
            ? OfJson(file, bytes)
            : OfCsv(file, bytes);
        var count = 0;
        foreach (var (place, name, ids) in lines)
        {
            if (++count > MostLines)
                throw new MaterialsException(file, place, $"accepted: up to {MostLines:N0} cases");
            if (name.Length == 0 || ids.Length == 0)
                throw new MaterialsException(file, place, "accepted: a case and what it verifies");
            map.Add(name, [.. ids.Split(Between, StringSplitOptions.RemoveEmptyEntries)]);
        }
        return map;
    }

    public IEnumerable<string> Of(string id) =>
        (exact.GetValueOrDefault(id) ?? []).Concat(
            starts.Where(s => id.StartsWith(s.Start, StringComparison.Ordinal)).SelectMany(s => s.Ids)
        );

    private void Add(string name, List<string> ids)
    {
        if (name.EndsWith('*'))
            starts.Add((name[..^1], ids));
        else if (exact.TryGetValue(name, out var known))
            known.AddRange(ids);
        else
            exact[name] = ids;
    }

    private static IEnumerable<(string Place, string Case, string Ids)> OfJson(string file, byte[] bytes)
    {
        foreach (var item in Json.ParseAny(file, bytes).Items())
        {
            var name = Cases.Select(n => item.RequireObject().Find(n)).FirstOrDefault(f => f is not null);
            var ids = Requirements.Select(n => item.Find(n)).FirstOrDefault(f => f is not null);
            yield return (
                item.Path,
                (name ?? throw item.Wrong("it has no case")).Text().Trim(),
                (ids ?? throw item.Wrong("it has no requirement")).Text()
            );
        }
    }

    private static IEnumerable<(string Place, string Case, string Ids)> OfCsv(string file, byte[] bytes)
    {
        var (name, ids) = (-1, -1);
        var rows = Csv.Table(
            file,
            bytes,
            names =>
            {
                (name, ids) = (RequirementsFile.Column(names, Cases), RequirementsFile.Column(names, Requirements));
                if (name < 0 || ids < 0)
                    throw new MaterialsException(file, "line 1", "accepted: names of columns, case and requirement");
            }
        );
        return rows.Select(row => ($"line {row.Line}", row.Fields[name].Trim(), row.Fields[ids]));
    }
}
