using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mintmark.Evidence;

internal static class EvidenceJson
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>In the order in which it was made, for people to read as well.</summary>
    public static byte[] Bytes(JsonNode json) => [.. JsonSerializer.SerializeToUtf8Bytes(json, Readable), (byte)'\n'];
}
