using System.Globalization;
using System.Security.Cryptography;

namespace Mintmark.Evidence;

/// <summary>
/// Statements that an advisory does not matter here: CycloneDX with <c>vulnerabilities</c>. Each document names its
/// authors, and until when it holds in a property <c>mintmark:expires</c> of its metadata.
/// </summary>
/// <param name="Excused">Advisory and package URL, without version for all versions.</param>
public sealed record Vex(string Name, string Digest, DateTimeOffset Expires, IReadOnlySet<(string, string)> Excused)
{
    private const long LargestFile = 4L << 20;
    private const string ExpiresName = "mintmark:expires";

    private static readonly string[] Harmless = ["not_affected", "false_positive", "resolved"];

    /// <summary>All documents of a folder, which may be missing.</summary>
    /// <exception cref="MaterialsException">One of them is no such document.</exception>
    public static IReadOnlyList<Vex> Load(string folder) =>
        Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal).Select(Read)]
            : [];

    /// <summary>Whether it says so at that time, of the advisory or of what it is also called.</summary>
    public bool Excuses(Finding finding, DateTimeOffset at)
    {
        var unversioned = finding.Purl.Split('?')[0];
        unversioned = unversioned[..unversioned.LastIndexOf('@')];
        return at < Expires
            && finding
                .Aliases.Prepend(finding.Advisory)
                .Any(id => Excused.Contains((id, finding.Purl)) || Excused.Contains((id, unversioned)));
    }

    private static Vex Read(string path)
    {
        var name = Path.GetFileName(path);
        var file = new FileInfo(path);
        if (file.Length > LargestFile)
            throw new MaterialsException(name, "as a whole", $"accepted: up to {LargestFile} bytes");
        return Read(name, File.ReadAllBytes(path));
    }

    internal static Vex Read(string name, byte[] bytes)
    {
        var root = Json.Parse(name, bytes);
        if (root.Require("bomFormat").Text() != "CycloneDX")
            throw root.Wrong("accepted: bomFormat CycloneDX");
        var metadata = root.Require("metadata");
        if (!(metadata.Find("authors")?.Items() ?? []).Any(a => a.Find("name")?.Text().Length > 0))
            throw metadata.Wrong("it names no author: accepted are authors with a name");
        var excused = new HashSet<(string, string)>();
        foreach (var statement in root.Require("vulnerabilities").Items())
        {
            var id = statement.Require("id").Word();
            var state = statement.Require("analysis").Require("state").Text();
            if (!Harmless.Contains(state))
                continue;
            foreach (var affected in statement.Require("affects").Items())
                excused.Add((id, affected.Require("ref").Text()));
        }
        return new Vex(name, $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}", Expiry(metadata), excused);
    }

    private static DateTimeOffset Expiry(Json metadata)
    {
        var expires = (metadata.Find("properties")?.Items() ?? []).Where(p => p.Require("name").Text() == ExpiresName);
        foreach (var property in expires)
            return DateTimeOffset.TryParse(
                property.Require("value").Text(),
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var at
            )
                ? at
                : throw property.Wrong("accepted: a time such as 2026-12-31");
        throw metadata.Wrong($"it has no property {ExpiresName}: a statement must end");
    }
}
