using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Mintmark.Tests.Examples;

/// <summary>
/// What an export says of a build, in one text that is the same for every build of the same files: what differs by
/// machine, time and key is replaced by its kind and, where it names something, by a number: equal ones are the same.
/// </summary>
static partial class SaidOfABuild
{
    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Of(string export)
    {
        var text = new StringBuilder();
        // A bundle is its statement in another form, and a book of test cases has the time that each took.
        var files = Directory
            .GetFiles(export, "*.json")
            .Where(f => !f.EndsWith(".sigstore.json", default) && Path.GetFileName(f) != "cases.json")
            .Order(StringComparer.Ordinal);
        foreach (var file in files)
        {
            var json = JsonNode.Parse(File.ReadAllText(file))!;
            if (file.EndsWith(".intoto.json", StringComparison.Ordinal))
                json = JsonNode.Parse(Convert.FromBase64String((string)json["payload"]!))!;
            Tools(json);
            text.Append($"== {Path.GetFileName(file)}\n{json.ToJsonString(Layout)}\n\n");
        }
        return Numbered(text.ToString());
    }

    /// <summary>A machine's own: in a bill's tools, and in a provenance beside the name of one.</summary>
    private static void Tools(JsonNode json)
    {
        foreach (var tool in json["metadata"]?["tools"]?["components"]?.AsArray() ?? [])
            OfTheMachine(tool!);
        var used = json["predicate"]?["buildDefinition"]?["resolvedDependencies"]?.AsArray() ?? [];
        foreach (var tool in used.Where(d => d!["annotations"]?["version"] is not null))
        {
            OfTheMachine(tool!["annotations"]!);
            tool.AsObject().Remove("digest");
        }
    }

    private static void OfTheMachine(JsonNode tool)
    {
        tool["version"] = "VERSION";
        tool.AsObject().Remove("hashes");
    }

    private static string Numbered(string text)
    {
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        text = Time().Replace(text, "TIME");
        text = Bytes().Replace(text, "BYTES bytes");
        return Identity().Replace(text, found => seen.TryGetValue(found.Value, out var known) ? known : New(found));

        string New(Match found)
        {
            var kind = found.Groups.Keys.First(k => k != "0" && found.Groups[k].Success);
            var number = counts[kind] = counts.GetValueOrDefault(kind) + 1;
            return seen[found.Value] = $"{kind.ToUpperInvariant()}-{number}";
        }
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z| UTC)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Time();

    [GeneratedRegex(@"\d[\d,]* bytes", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Bytes();

    // A digest may stand behind an escaped colon: %3A.
    [GeneratedRegex(
        @"(?<![0-9a-z])((?<digest>[0-9a-f]{64})|(?<commit>[0-9a-f]{40})|(?<release>rel-\d+)"
            + @"|(?<serial>[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}))(?![0-9a-z])",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Identity();
}
