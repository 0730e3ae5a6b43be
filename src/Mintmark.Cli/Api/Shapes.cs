using System.Text.Encodings.Web;
using System.Text.Json;
using Mintmark.Server;

namespace Mintmark.Cli;

/// <summary>What --json prints: the API's own answers, and a few of our own; docs/json.md describes each.</summary>
internal static class Shapes
{
    // People read it too: no \u2014 for a dash.
    private static readonly JsonSerializerOptions Readable = new(ApiJson.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string ToText<T>(T value) => JsonSerializer.Serialize(value, Readable);

    /// <summary>One line.</summary>
    public static void Write<T>(TextWriter output, T value) => output.WriteLine(ToText(value));
}
