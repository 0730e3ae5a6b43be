using System.Text.Json.Nodes;
using Mintmark.Releases;

namespace Mintmark.Evidence;

/// <summary>in-toto statements, version 1: of which artifact what is said.</summary>
internal static class Statement
{
    public const string Type = "https://in-toto.io/Statement/v1";

    public static JsonObject Of(Mark mark, Artifact artifact, string predicateType, JsonObject predicate) =>
        new()
        {
            ["_type"] = Type,
            ["subject"] = new JsonArray(new JsonObject { ["name"] = $"{mark}", ["digest"] = Digest(artifact.Digest) }),
            ["predicateType"] = predicateType,
            ["predicate"] = predicate,
        };

    /// <summary>Of <c>sha256:…</c>.</summary>
    public static JsonObject Digest(string digest) => new() { ["sha256"] = digest["sha256:".Length..] };

    public static JsonArray List(IEnumerable<JsonObject> items) => new([.. items]);

    public static JsonArray Texts(IEnumerable<string> items) => new([.. items.Select(i => JsonValue.Create(i))]);

    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
