using System.Text;
using System.Text.Json;
using Mintmark.Log;

namespace Mintmark.Cli;

/// <summary>What a proof shows that holds; the --json of 'log prove'.</summary>
/// <param name="Size">Entries under the checkpoint.</param>
/// <param name="Entry">The entry as JSON.</param>
/// <param name="Proof">The whole proof, as c2sp.org/tlog-proof writes it.</param>
internal sealed record ProvedEntry(
    string? File,
    string Origin,
    long Index,
    long Size,
    string Root,
    JsonElement Entry,
    string Proof
)
{
    /// <summary>The file by which the proof holds with the log's first key; null where it needs none.</summary>
    public string? Handovers { get; init; }

    /// <param name="verifier">All keys of the log that are known.</param>
    /// <exception cref="LogCorruptException">It does not hold.</exception>
    /// <exception cref="FormatException">It does not bring the entry along, or one that is not JSON.</exception>
    public static ProvedEntry Open(InclusionProof proof, LogVerifier verifier)
    {
        var body = proof.Extra ?? throw new FormatException("it does not bring the entry along (a line 'extra …')");
        var checkpoint = proof.Open(verifier, Merkle.LeafHash(body));
        try
        {
            using var entry = JsonDocument.Parse(body);
            return new ProvedEntry(
                null,
                checkpoint.Origin,
                proof.Index,
                checkpoint.Size,
                $"{checkpoint.Root}",
                entry.RootElement.Clone(),
                proof.ToText()
            );
        }
        catch (JsonException wrong)
        {
            throw new FormatException($"its entry is not JSON: {wrong.Message}", wrong);
        }
    }

    public Page ToPage()
    {
        var page = new Page()
            .Line(new Ink("proved", Tone.Good), $": entry {Index} is in the log '{Origin}' of {Size} entries")
            .Field("entry", Encoding.UTF8.GetString(CanonicalJson.Canonicalize(Bytes())))
            .Field("root", Root)
            .Field("proof", File ?? "-");
        return Handovers is { } handovers ? page.Field("handovers", handovers) : page;
    }

    private byte[] Bytes() => JsonSerializer.SerializeToUtf8Bytes(Entry);
}
