using System.Collections.Immutable;
using Mintmark.Yaml;

namespace Mintmark.Gate;

/// <summary>Reads profiles as they are shipped, and what teams lay over them.</summary>
internal static class ProfileReader
{
    private const int MostRelaxed = 100;

    private static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> Keys = new Dictionary<
        string,
        IReadOnlyList<string>
    >
    {
        ["profile"] = ["profile", "version", "title", "controls", "emergency", "freezes"],
        ["overlay"] = ["profile", "controls", "relax", "freezes"],
        ["relax"] = ["control", "set", "by", "reason", "until"],
    };

    /// <exception cref="DeclaredException">With everything that is wrong.</exception>
    public static Profile Profile(string yaml, string file, Catalogue catalogue)
    {
        var problems = new ProblemList(file);
        var root = new Section(problems, YamlFile.Mapping(yaml, file), "", "profile", Keys);
        var demands = Values(root, catalogue, problems)
            .Select(v => Demand.Usual(v.Control) is var usual ? usual with { Set = usual.Set.SetItems(v.Set) } : usual)
            .ToList();
        var profile = new Profile(
            root.Required("profile", GateFields.Profile),
            root.Required("version", GateFields.Count(1, 1_000_000)),
            root.Required("title", GateFields.Text),
            demands,
            Emergency(root, demands, problems),
            FreezeReader.Read(root, problems)
        );
        problems.ThrowIfAny();
        return profile;
    }

    /// <param name="under">What it is laid over.</param>
    /// <exception cref="DeclaredException">With everything that is wrong, and whatever is looser than the profile
    /// without somebody's word.</exception>
    public static Overlay Overlay(string yaml, string file, Profile under, Catalogue catalogue)
    {
        var problems = new ProblemList(file);
        var root = new Section(problems, YamlFile.Mapping(yaml, file), "", "overlay", Keys);
        var name = root.Required("profile", GateFields.Profile);
        if (name is not null && name != under.Name)
            problems.Add(
                root.Find("profile")!,
                "profile",
                $"found {name}; accepted: {under.Name}, as the file is called"
            );
        var stricter = Stricter(root, under, catalogue, problems);
        var relaxed = Relaxed(root, under, catalogue, problems);
        var freezes = FreezeReader.Read(root, problems);
        problems.ThrowIfAny();
        return new Overlay(file, stricter, relaxed, freezes);
    }

    private static Dictionary<string, ImmutableSortedDictionary<string, decimal>> Stricter(
        Section root,
        Profile under,
        Catalogue catalogue,
        ProblemList problems
    )
    {
        var stricter = new Dictionary<string, ImmutableSortedDictionary<string, decimal>>();
        foreach (var (control, set, node) in Values(root, catalogue, problems))
        {
            stricter[control.Id] = set;
            if (Of(under, control) is not { } demand)
                continue;
            foreach (var (key, value) in set)
            {
                var parameter = control.Find(key)!;
                if (parameter.IsLooser(value, demand.Set[key]))
                    problems.Add(
                        ((YamlNode.Mapping)node).Entries.First(e => e.Key.Text == key).Value,
                        $"controls.{control.Id}.{key}",
                        $"{parameter.Text(value)} is looser than {parameter.Text(demand.Set[key])} of the profile; "
                            + "accepted: stricter values, or an entry under relax with by, reason and until"
                    );
            }
        }
        return stricter;
    }

    /// <summary>What the profile demands of a control; of the floor each profile demands all.</summary>
    private static Demand? Of(Profile under, Control control) =>
        under.Demands.FirstOrDefault(d => d.Control.Id == control.Id) ?? (control.Floor ? Demand.Usual(control) : null);

    private static List<(Control Control, ImmutableSortedDictionary<string, decimal> Set, YamlNode Node)> Values(
        Section root,
        Catalogue catalogue,
        ProblemList problems
    )
    {
        var values = new List<(Control, ImmutableSortedDictionary<string, decimal>, YamlNode)>();
        foreach (var (key, node) in YamlFile.Entries(root.Find("controls"), problems, "controls"))
        {
            if (Known(key, $"controls.{key.Text}", catalogue, problems) is { } control)
                values.Add((control, Set(control, node, $"controls.{key.Text}", problems), node));
        }
        return values;
    }

    private static ImmutableSortedDictionary<string, decimal> Set(
        Control control,
        YamlNode node,
        string path,
        ProblemList problems
    )
    {
        var set = ImmutableSortedDictionary.CreateBuilder<string, decimal>(StringComparer.Ordinal);
        foreach (var (key, value) in YamlFile.Entries(node, problems, path))
        {
            if (control.Find(key.Text) is { } parameter)
                set[key.Text] = problems.Read(value, $"{path}.{key.Text}", parameter.Field);
            else
                problems.Add(key, $"{path}.{key.Text}", NoParameter(control));
        }
        return set.ToImmutable();
    }

    private static string NoParameter(Control control) =>
        control.Parameters.Count == 0
            ? $"{control.Id} has no parameters; accepted: {{}}"
            : $"no parameter of {control.Id}; accepted: {string.Join(", ", control.Parameters.Select(p => p.Name))}";

    private static Control? Known(YamlNode.Scalar name, string path, Catalogue catalogue, ProblemList problems)
    {
        if (catalogue.Controls.TryGetValue(name.Text, out var control))
            return control;
        var hint = Spelling.Nearest(name.Text, [.. catalogue.Controls.Keys]) is { } near
            ? $"did you mean {near}? "
            : "";
        problems.Add(name, path, $"there is no control {name.Describe()}; {hint}'mint controls' lists all");
        return null;
    }

    private static List<string> Emergency(Section root, List<Demand> demands, ProblemList problems)
    {
        var shorter = new List<string>();
        foreach (var (node, path) in root.Items("emergency", "a list of the profile's controls") ?? [])
            shorter.Add(problems.Read(node, path, GateFields.Word([.. demands.Select(d => d.Control.Id)])));
        return shorter;
    }

    private static List<Loosening> Relaxed(Section root, Profile under, Catalogue catalogue, ProblemList problems)
    {
        var accepted = $"a list of at most {MostRelaxed}, each with control, by, reason and until";
        var items = root.Items("relax", accepted) ?? [];
        if (items.Count > MostRelaxed)
            problems.Add(items[MostRelaxed].Node, "relax", $"found {items.Count}; accepted: {accepted}");
        var relaxed = new List<Loosening>();
        foreach (var (node, path) in items)
        {
            if (YamlFile.Item(node, path, "relax", problems, Keys) is not { } item)
                continue;
            var id = item.Required("control", GateFields.Word([.. under.Demands.Select(d => d.Control.Id)]));
            var by = item.Required("by", GateFields.Person);
            var reason = item.Required("reason", GateFields.Text);
            var until = item.Required("until", GateFields.Date);
            if (id is null || !catalogue.Controls.TryGetValue(id, out var control))
                continue;
            var set = item.Find("set") is { } values ? Set(control, values, item.Path("set"), problems) : null;
            if (set is null && control.Floor)
                problems.Add(node, path, $"{id} is of the floor: it may be looser, and never left out");
            relaxed.Add(new(id, set, by, reason, new(until, TimeOnly.MinValue, TimeSpan.Zero)));
        }
        return relaxed;
    }
}
