using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mintmark.Build;

/// <summary>
/// The JSON of an OCI image layout (github.com/opencontainers/image-spec). Keys are written in the order given here, so
/// the same content gives the same bytes.
/// </summary>
internal static class OciJson
{
    public const string LayerType = "application/vnd.oci.image.layer.v1.tar";
    public const string ConfigurationType = "application/vnd.oci.image.config.v1+json";
    public const string ManifestType = "application/vnd.oci.image.manifest.v1+json";

    private const string RefName = "org.opencontainers.image.ref.name";

    public static JsonObject Index(IEnumerable<JsonObject> manifests) =>
        new()
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = "application/vnd.oci.image.index.v1+json",
            ["manifests"] = new JsonArray([.. manifests]),
        };

    public static JsonObject Descriptor(string type, Blob blob, JsonObject? annotations = null)
    {
        var descriptor = new JsonObject
        {
            ["mediaType"] = type,
            ["digest"] = blob.Digest,
            ["size"] = blob.Length,
        };
        if (annotations is not null)
            descriptor["annotations"] = annotations;
        return descriptor;
    }

    public static JsonObject Named(string mark) => new() { [RefName] = mark };

    public static string? NameOf(JsonObject descriptor) => descriptor["annotations"]?[RefName]?.ToString();

    public static JsonObject Configuration(PackJob job, Blob layer) =>
        new()
        {
            ["created"] = Time(job.CommittedAt),
            ["architecture"] = Architecture(),
            ["os"] = "linux",
            ["config"] = new JsonObject
            {
                ["Env"] = new JsonArray($"MINTMARK={job.Mark}"),
                ["Cmd"] = new JsonArray("/bin/sh", "-c", job.Manifest.Run.Command),
                ["WorkingDir"] = "/",
            },
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray(layer.Digest) },
        };

    public static JsonObject Manifest(PackJob job, Blob configuration, Blob layer) =>
        new()
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = ManifestType,
            ["config"] = Descriptor(ConfigurationType, configuration),
            ["layers"] = new JsonArray(Descriptor(LayerType, layer)),
            ["annotations"] = new JsonObject
            {
                ["mintmark.mark"] = job.Mark.ToString(),
                ["org.opencontainers.image.created"] = Time(job.CommittedAt),
                ["org.opencontainers.image.revision"] = job.Source.Commit,
                ["org.opencontainers.image.title"] = job.Mark.Service.ToString(),
                ["org.opencontainers.image.version"] = job.Mark.ToString(),
            },
        };

    /// <summary>The stamp in the artifact. Its time is the commit's: one commit and mark give one digest.</summary>
    public static JsonObject Stamp(PackJob job) =>
        new()
        {
            ["mark"] = job.Mark.ToString(),
            ["service"] = job.Mark.Service.ToString(),
            ["commit"] = job.Source.Commit,
            ["tree"] = job.Source.Tree,
            ["committedAt"] = Time(job.CommittedAt),
        };

    public static byte[] Bytes(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString());

    public static JsonObject Parse(byte[] bytes, string what)
    {
        try
        {
            return JsonNode.Parse(bytes) as JsonObject ?? throw new ArtifactException($"{what} is no JSON object");
        }
        catch (JsonException wrong)
        {
            throw new ArtifactException($"{what} is no JSON: {wrong.Message}");
        }
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");

    private static string Architecture() =>
        RuntimeInformation.OSArchitecture switch
        {
            System.Runtime.InteropServices.Architecture.X64 => "amd64",
            var other => other.ToString().ToLowerInvariant(),
        };
}
