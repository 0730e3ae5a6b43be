using System.Text.Json.Nodes;
using Mintmark.Build;
using Mintmark.Releases;
using Mintmark.Tests.House;
using Xunit;

namespace Mintmark.Tests.Build;

public sealed class WhenTheSchemaIsReadBesideTheParser
{
    private static readonly JsonObject Schema = JsonNode
        .Parse(File.ReadAllText(Path.Combine(Checkout.Root, "docs", "mint.schema.json")))!
        .AsObject();

    [Fact]
    public void TheyHaveTheSameKeys()
    {
        var inSchema = Mappings(Schema, "").ToDictionary(m => m.Path, m => m.Keys.Order().ToList());

        Assert.Equal(ManifestKeys.In.Keys.Order(), inSchema.Keys.Order());
        Assert.All(ManifestKeys.In, section => Assert.Equal(section.Value.Order(), inSchema[section.Key]));
    }

    [Fact]
    public void EveryMappingRefusesOtherKeys() =>
        Assert.All(Objects(Schema), mapping => Assert.False((bool?)mapping["additionalProperties"] ?? true));

    [Fact]
    public void TheProfilesAreTheSame() =>
        Assert.Equal(Profiles.All, Schema["properties"]!["profile"]!["enum"]!.AsArray().Select(p => (string)p!));

    [Fact]
    public void WhatTheSchemaRequiresTheParserMisses()
    {
        var problems = ManifestText.Problems(
            "build: {}\nsuites: { smoke: {}, full: {} }\nrun: {}\nhealth: {}\ndatabase: {}\nvalidation: {}"
        );

        var required = Mappings(Schema, "")
            .Where(m => !m.Path.EndsWith("[]", StringComparison.Ordinal))
            .SelectMany(m => m.Required.Select(key => m.Path.Length == 0 ? key : $"{m.Path}.{key}"))
            .Except(["build", "suites", "run", "health", "suites.smoke", "suites.full"]);
        Assert.Equal(required.Order(), problems.Select(p => p.Key).Order());
    }

    [Fact]
    public void TheDescriptionHasEveryKey()
    {
        var text = File.ReadAllText(Path.Combine(Checkout.Root, "docs", "mint-yaml.md"));

        var leaves =
            from section in ManifestKeys.In
            from key in section.Value
            let path = section.Key.Length == 0 ? key : $"{section.Key}.{key}"
            where !ManifestKeys.In.ContainsKey(path)
            select path;
        Assert.All(leaves, path => Assert.Contains($"| `{path}` |", text, StringComparison.Ordinal));
    }

    [Fact]
    public void TheExampleInTheDescriptionParses()
    {
        var text = File.ReadAllText(Path.Combine(Checkout.Root, "docs", "mint-yaml.md"));
        var from = text.IndexOf("```yaml\nname:", StringComparison.Ordinal) + "```yaml\n".Length;

        Assert.Equal(
            "bank",
            ManifestText.Parse(text[from..text.IndexOf("```", from, StringComparison.Ordinal)]).Name.Value
        );
    }

    private sealed record Mapping(string Path, IReadOnlyList<string> Keys, IReadOnlyList<string> Required);

    private static IEnumerable<Mapping> Mappings(JsonObject schema, string path)
    {
        var resolved = Resolve(schema);
        if (resolved["items"] is JsonObject items)
            return Mappings(items, $"{path}[]");
        if (resolved["properties"] is not JsonObject properties)
            return [];
        var required = resolved["required"]?.AsArray().Select(r => (string)r!).ToList() ?? [];
        var inner = properties.SelectMany(p =>
            Mappings(p.Value!.AsObject(), path.Length == 0 ? p.Key : $"{path}.{p.Key}")
        );
        return inner.Prepend(new Mapping(path, [.. properties.Select(p => p.Key)], required));
    }

    private static JsonObject Resolve(JsonObject schema) =>
        (string?)schema["$ref"] is { } reference
            ? Schema["$defs"]![reference["#/$defs/".Length..]]!.AsObject()
            : schema;

    private static IEnumerable<JsonObject> Objects(JsonNode? node) =>
        node switch
        {
            JsonObject o => o.SelectMany(p => Objects(p.Value)).Concat((string?)o["type"] == "object" ? [o] : []),
            JsonArray a => a.SelectMany(Objects),
            _ => [],
        };
}
