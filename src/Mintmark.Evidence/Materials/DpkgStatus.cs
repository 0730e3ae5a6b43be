using System.Text.RegularExpressions;

namespace Mintmark.Evidence;

/// <summary>
/// The packages of a Debian system, as <c>var/lib/dpkg/status</c> of a root file system has them. dpkg keeps no digest
/// of a package, so these components have none.
/// </summary>
internal static partial class DpkgStatus
{
    public const string Name = "var/lib/dpkg/status";

    /// <summary>Where systems without dpkg itself have a file for each package.</summary>
    public const string Folder = "var/lib/dpkg/status.d/";

    /// <param name="system">ID of the system, such as debian or ubuntu.</param>
    public static void Read(string file, byte[] bytes, string system, Materials into)
    {
        var purls = new Dictionary<string, string>(StringComparer.Ordinal);
        var depends = new List<(string Purl, string Names)>();
        foreach (var stanza in Stanzas(file, bytes))
        {
            if (stanza.Find("Status") is { } status && !status.EndsWith(" installed", StringComparison.Ordinal))
                continue;
            var (name, version) = (stanza.Word("Package"), stanza.Word("Version"));
            var purl = Purl.Debian(system, name, version, stanza.Find("Architecture") ?? "all", Upstream(stanza, name));
            purls.TryAdd(name, purl);
            into.Add(new Component(purl, system, name, version, Use.Required, [], [file]));
            depends.Add((purl, $"{stanza.Find("Pre-Depends")},{stanza.Find("Depends")}"));
        }
        foreach (var (purl, names) in depends)
        {
            var on = names.Split(',', '|').Select(d => Start().Match(d.Trim()).Value).Where(purls.ContainsKey);
            into.AddDependencies(purl, on.Select(n => purls[n]));
        }
    }

    /// <summary>ID of a system from its <c>etc/os-release</c>; Debian where there is none.</summary>
    public static string SystemOf(byte[]? osRelease) =>
        osRelease is not null && Id().Match(System.Text.Encoding.UTF8.GetString(osRelease)) is { Success: true } id
            ? id.Groups["id"].Value
            : "debian";

    /// <summary>VERSION_ID of a system; null where its file does not say.</summary>
    public static string? VersionOf(byte[]? osRelease) =>
        osRelease is not null
        && VersionId().Match(System.Text.Encoding.UTF8.GetString(osRelease)) is { Success: true } version
            ? version.Groups["id"].Value
            : null;

    private static string? Upstream(Stanza stanza, string name)
    {
        if (stanza.Find("Source") is not { } source)
            return null;
        var of = Source().Match(source);
        if (!of.Success)
            throw stanza.Wrong("Source is no NAME or NAME (VERSION)");
        return of.Groups["version"].Success ? $"{of.Groups["name"].Value}@{of.Groups["version"].Value}"
            : of.Groups["name"].Value == name ? null
            : of.Groups["name"].Value;
    }

    private static IEnumerable<Stanza> Stanzas(string file, byte[] bytes)
    {
        var lines = PlainLines.Of(file, bytes);
        var stanza = new Stanza(file, 1);
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            if (line.Length == 0)
            {
                if (!stanza.IsEmpty)
                    yield return stanza;
                stanza = new Stanza(file, i + 2);
            }
            else if (!line.StartsWith(' ') && !line.StartsWith('\t'))
            {
                stanza.Add(line, i + 1);
            }
        }
        if (!stanza.IsEmpty)
            yield return stanza;
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9+.-]*", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Start();

    [GeneratedRegex(@"^(?<name>[a-z0-9][a-z0-9+.-]*)(\s+\((?<version>\S+)\))?\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Source();

    [GeneratedRegex(@"^ID=""?(?<id>[a-z0-9._-]+)""?\s*$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Id();

    [GeneratedRegex(
        @"^VERSION_ID=""?(?<id>[a-z0-9._-]+)""?\s*$",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline,
        1000
    )]
    private static partial Regex VersionId();

    private sealed class Stanza(string file, int line)
    {
        private readonly Dictionary<string, string> fields = new(StringComparer.OrdinalIgnoreCase);

        public bool IsEmpty => fields.Count == 0;

        public void Add(string field, int number)
        {
            var colon = field.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || !fields.TryAdd(field[..colon], field[(colon + 1)..].Trim()))
                throw new MaterialsException(file, $"line {number}", "accepted: a field 'Name: value', each once");
        }

        public string? Find(string name) => fields.GetValueOrDefault(name);

        public string Word(string name) =>
            Find(name) is { Length: > 0 and <= 300 } word && !word.Any(c => char.IsControl(c) || c == ' ')
                ? word
                : throw Wrong($"it has no {name}");

        public MaterialsException Wrong(string what) => new(file, $"the entry at line {line}", what);
    }
}
