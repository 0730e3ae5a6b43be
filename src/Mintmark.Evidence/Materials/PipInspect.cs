using System.Text.RegularExpressions;

namespace Mintmark.Evidence;

/// <summary>What <c>pip inspect</c> says is installed; a build leaves it as <c>pip-inspect.json</c>.</summary>
internal static partial class PipInspect
{
    public const string Name = "pip-inspect.json";

    public static void Read(string file, byte[] bytes, Materials into)
    {
        var installed = Json.Parse(file, bytes).Require("installed").Items().Select(i => Of(file, i)).ToList();
        var purls = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (component, entry) in installed)
        {
            if (!purls.TryAdd(component.Name, component.Purl))
                throw entry.Wrong($"{component.Name} is installed twice");
            into.Add(component);
            if (entry.IsTrue("requested"))
                into.AddDirect(component.Purl);
        }
        foreach (var (component, entry) in installed)
        {
            // A marker may exclude a requirement from this machine: then it is not installed, unless for another.
            var names = entry.Require("metadata").Find("requires_dist")?.Items().Select(r => r.Text()) ?? [];
            var on = names.Where(r => !Extra().IsMatch(r)).Select(r => PypiName.Normal(Start().Match(r).Value));
            into.AddDependencies(component.Purl, on.Where(purls.ContainsKey).Select(n => purls[n]));
        }
    }

    private static (Component Component, Json Entry) Of(string file, Json entry)
    {
        var metadata = entry.Require("metadata").RequireObject();
        var name = metadata.Require("name").Word();
        if (!PypiName.IsName(name))
            throw metadata.Wrong("its name is no name of a Python package");
        var version = metadata.Require("version").Word();
        var normal = PypiName.Normal(name);
        var hashes = entry.Find("download_info")?.Find("archive_info")?.Find("hashes")?.Members() ?? [];
        return (
            new Component(
                Purl.Pypi(normal, version),
                null,
                normal,
                version,
                Use.Required,
                [.. hashes.Select(h => HashOf(h.Name, h.Value))],
                [file]
            ),
            entry
        );
    }

    private static Checksum HashOf(string algorithm, Json value)
    {
        var hex = value.Text();
        return
            hex.Length % 2 == 0
            && hex.All(char.IsAsciiHexDigit)
            && Checksum.Of(algorithm, Convert.FromHexString(hex)) is { } checksum
            ? checksum
            : throw value.Wrong($"accepted: a {algorithm} digest in hexadecimal digits");
    }

    [GeneratedRegex(@"^[A-Za-z0-9._-]*", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Start();

    [GeneratedRegex(@";.*\bextra\s*==", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Extra();
}
