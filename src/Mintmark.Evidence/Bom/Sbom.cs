using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Mintmark.Releases;

namespace Mintmark.Evidence;

/// <summary>
/// A bill of materials as CycloneDX 1.6 JSON (cyclonedx.org/docs/1.6/json). The same version gives the same bytes: no
/// clock, everything in order, and the serial number is taken from the content.
/// </summary>
public static class Sbom
{
    public const string FileName = "sbom.cdx.json";

    internal const string SystemType = "operating-system";
    internal const string NotCovered = "mintmark:not-covered";

    public static byte[] Write(BuiltVersion version, Materials materials)
    {
        var bom = new JsonObject
        {
            ["$schema"] = "http://cyclonedx.org/schema/bom-1.6.schema.json",
            ["bomFormat"] = "CycloneDX",
            ["specVersion"] = "1.6",
            ["version"] = 1,
            ["metadata"] = Metadata(version, materials),
            ["components"] = List([.. materials.Systems.Select(System), .. materials.Components.Values.Select(Of)]),
            ["dependencies"] = Dependencies($"{version.Mark}", materials),
        };
        if (materials.NotCovered.Count > 0)
            bom["compositions"] = List([
                new JsonObject { ["aggregate"] = "incomplete", ["assemblies"] = new JsonArray($"{version.Mark}") },
            ]);
        bom.Insert(3, "serialNumber", $"urn:uuid:{SerialOf(EvidenceJson.Bytes(bom))}");
        return EvidenceJson.Bytes(bom);
    }

    private static JsonObject Metadata(BuiltVersion version, Materials materials) =>
        new()
        {
            ["lifecycles"] = List([new JsonObject { ["phase"] = "build" }]),
            ["tools"] = new JsonObject { ["components"] = List(version.Artifact.Tools.Select(Program)) },
            ["component"] = new JsonObject
            {
                ["type"] = "application",
                ["bom-ref"] = $"{version.Mark}",
                ["name"] = $"{version.Mark.Service}",
                ["version"] = $"{version.Mark}",
                ["purl"] = Purl.Oci($"{version.Mark.Service}", version.Artifact.Digest),
            },
            ["properties"] = List([
                Property("mintmark:commit", version.Source.Commit),
                Property("mintmark:artifact", version.Artifact.Digest),
                .. materials.NotCovered.Select(what => Property(NotCovered, what)),
            ]),
        };

    private static JsonObject Program(Tool tool)
    {
        var json = new JsonObject
        {
            ["type"] = "application",
            ["name"] = tool.Name,
            ["version"] = tool.Version,
        };
        if (tool.Digest is { } digest)
            json["hashes"] = List([new JsonObject { ["alg"] = "SHA-256", ["content"] = digest["sha256:".Length..] }]);
        return json;
    }

    private static JsonObject System((string Id, string Version) system) =>
        new()
        {
            ["type"] = SystemType,
            ["bom-ref"] = $"os:{system.Id}@{system.Version}",
            ["name"] = system.Id,
            ["version"] = system.Version,
        };

    private static JsonObject Of(Component component)
    {
        var json = new JsonObject { ["type"] = "library", ["bom-ref"] = component.Purl };
        if (component.Group is { } group)
            json["group"] = group;
        json["name"] = component.Name;
        json["version"] = component.Version;
        json["scope"] = component.Use switch
        {
            Use.Required => "required",
            Use.Optional => "optional",
            _ => "excluded",
        };
        if (component.Hashes.Count > 0)
            json["hashes"] = List(
                component.Hashes.Select(h => new JsonObject { ["alg"] = h.Algorithm, ["content"] = h.Hex })
            );
        json["purl"] = component.Purl;
        json["properties"] = List(component.FoundIn.Select(file => Property("mintmark:found-in", file)));
        return json;
    }

    private static JsonArray Dependencies(string root, Materials materials) =>
        List([
            Dependency(root, materials.Direct),
            .. materials.DependsOn.Select(known => Dependency(known.Key, known.Value)),
        ]);

    private static JsonObject Dependency(string of, IEnumerable<string> on) =>
        new() { ["ref"] = of, ["dependsOn"] = new JsonArray([.. on.Select(purl => JsonValue.Create(purl))]) };

    private static JsonObject Property(string name, string value) => new() { ["name"] = name, ["value"] = value };

    private static JsonArray List(IEnumerable<JsonObject> items) => new([.. items]);

    /// <summary>Version 8 of RFC 9562: 122 bits of the content's hash.</summary>
    private static Guid SerialOf(byte[] content)
    {
        var bytes = SHA256.HashData(content).AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
