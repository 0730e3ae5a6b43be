using Mintmark.Yaml;

namespace Mintmark.Gate;

/// <summary>Reads <c>controls.yaml</c>.</summary>
internal static class CatalogueReader
{
    private static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> Keys = new Dictionary<
        string,
        IReadOnlyList<string>
    >
    {
        [""] = ["version", "norms", "controls"],
        ["control"] = ["id", "demands", "decided", "when", "floor", "parameters", "serves"],
        ["parameter"] = ["name", "means", "unit", "stricter", "least", "most", "usual"],
    };

    private static readonly Field<decimal> Anything = new(
        "a number or a time such as 7d",
        (YamlNode.Scalar s, out decimal value) => TryAny(s.Text, out value)
    );

    /// <exception cref="DeclaredException">With everything that is wrong.</exception>
    public static Catalogue Read(string yaml, string file)
    {
        var problems = new ProblemList(file);
        var root = new Section(problems, YamlFile.Mapping(yaml, file), "", "", Keys);
        var version = root.Required("version", GateFields.Count(1, 1_000_000));
        var norms = YamlFile
            .Entries(root.Find("norms"), problems, "norms")
            .ToDictionary(e => e.Key.Text, e => problems.Read(e.Value, $"norms.{e.Key.Text}", GateFields.Text));
        var controls = new Dictionary<string, Control>();
        foreach (var (node, path) in root.Items("controls", "a list of controls") ?? [])
        {
            if (Item(node, path, "control", problems) is not { } item)
                continue;
            var control = Of(item, norms, problems);
            if (control.Id is { } id && !controls.TryAdd(id, control))
                problems.Add(node, $"{path}.id", $"'{id}' is there already; accepted: each control once");
        }
        problems.ThrowIfAny();
        return new Catalogue(version, norms, controls);
    }

    private static Control Of(Section item, Dictionary<string, string> norms, ProblemList problems) =>
        new(
            item.Required("id", GateFields.Id),
            item.Required("demands", GateFields.Text),
            item.Required("decided", GateFields.Text),
            item.Required("when", GateFields.Word<When>()),
            item.Optional("floor", GateFields.Truth, false),
            [
                .. (item.Items("parameters", "a list of parameters") ?? [])
                    .Select(p => Item(p.Node, p.Path, "parameter", problems))
                    .OfType<Section>()
                    .Select(Parameter),
            ],
            Serves(item, norms, problems)
        );

    private static Parameter Parameter(Section item) =>
        new(
            item.Required("name", GateFields.Id),
            item.Required("means", GateFields.Text),
            item.Required("unit", GateFields.Word<Unit>()),
            item.Required("stricter", GateFields.Word<Stricter>()),
            item.Required("least", Anything),
            item.Required("most", Anything),
            item.Required("usual", Anything)
        );

    private static Dictionary<string, IReadOnlyList<string>> Serves(
        Section item,
        Dictionary<string, string> norms,
        ProblemList problems
    )
    {
        var serves = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var (key, value) in YamlFile.Entries(item.Find("serves"), problems, item.Path("serves")))
        {
            var path = $"{item.Path("serves")}.{key.Text}";
            if (!norms.ContainsKey(key.Text))
                problems.Add(key, path, $"no norm '{key.Text}'; accepted: {string.Join(", ", norms.Keys)}");
            else if (value is not YamlNode.Sequence list)
                problems.Add(value, path, $"found {value.Describe()}; accepted: a list of requirements");
            else
                serves[key.Text] = [.. list.Items.Select(i => problems.Read(i, path, GateFields.Text))];
        }
        return serves;
    }

    private static Section? Item(YamlNode node, string path, string keys, ProblemList problems) =>
        YamlFile.Item(node, path, keys, problems, Keys);

    private static bool TryAny(string text, out decimal value)
    {
        if (Quantity.TrySeconds(text, out var seconds))
        {
            value = seconds;
            return true;
        }
        return decimal.TryParse(
            text,
            System.Globalization.NumberStyles.AllowDecimalPoint,
            System.Globalization.CultureInfo.InvariantCulture,
            out value
        );
    }
}
