using System.IO.Compression;
using Mintmark.Evidence;

namespace Mintmark.Tests.Evidence;

/// <summary>Advisories and statements in a folder, gone after the test.</summary>
sealed class Advisories : IDisposable
{
    public const string Ws = """
        {
          "id": "GHSA-ws", "aliases": ["CVE-2024-37890"], "modified": "2024-07-01T00:00:00Z",
          "published": "2024-06-17T19:09:12Z", "summary": "ws affected by a DoS",
          "affected": [
            { "package": { "ecosystem": "npm", "name": "ws" },
              "ranges": [
                { "type": "SEMVER", "events": [ { "fixed": "7.5.10" }, { "introduced": "7.0.0" } ] },
                { "type": "SEMVER", "events": [ { "introduced": "8.0.0" }, { "fixed": "8.18.1" } ] } ] } ]
        }
        """;

    private readonly string root = Directory.CreateTempSubdirectory("mintmark-advisories-").FullName;

    public string Folder => Path.Combine(root, "advisories");

    public string VexFolder => Path.Combine(root, "vex");

    public AdvisoryPlace Place => new(Folder, VexFolder);

    public Advisories With(string name, string json)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, json);
        return this;
    }

    public Advisories Excusing(
        string advisory,
        string package,
        string state = "not_affected",
        string until = "2030-01-01"
    )
    {
        Directory.CreateDirectory(VexFolder);
        File.WriteAllText(Path.Combine(VexFolder, "desk.json"), VexText(advisory, package, state, until));
        return this;
    }

    public static string VexText(string advisory, string package, string state, string until) =>
        $$"""
            { "bomFormat": "CycloneDX", "specVersion": "1.6",
              "metadata": { "authors": [ { "name": "security office" } ],
                            "properties": [ { "name": "mintmark:expires", "value": "{{until}}" } ] },
              "vulnerabilities": [
                { "id": "{{advisory}}", "analysis": { "state": "{{state}}" },
              "affects": [ { "ref": "{{package}}" } ] } ] }
            """;

    public string Zip()
    {
        var zip = Path.Combine(root, "advisories.zip");
        ZipFile.CreateFromDirectory(Folder, zip);
        return zip;
    }

    public void Dispose() => Directory.Delete(root, recursive: true);
}
