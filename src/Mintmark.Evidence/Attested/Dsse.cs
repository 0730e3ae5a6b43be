using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Mintmark.Log;

namespace Mintmark.Evidence;

/// <summary>
/// Statements in signed envelopes (github.com/secure-systems-lab/dsse). What is signed is the type and the payload as
/// bytes; the payload is read after its signature was checked, from the same bytes.
/// </summary>
public static class Dsse
{
    public const string PayloadType = "application/vnd.in-toto+json";

    private const int MostSignatures = 8;

    internal static byte[] Seal(JsonObject statement, StatementKey key)
    {
        var payload = EvidenceJson.Bytes(statement);
        return EvidenceJson.Bytes(
            new JsonObject
            {
                ["payloadType"] = PayloadType,
                ["payload"] = Convert.ToBase64String(payload),
                ["signatures"] = new JsonArray(
                    new JsonObject
                    {
                        ["keyid"] = KeyId(key.PublicKey),
                        ["sig"] = Convert.ToBase64String(key.Sign(Encode(payload))),
                    }
                ),
            }
        );
    }

    /// <summary>The payload, where the key has signed it.</summary>
    /// <param name="name">Of the file, for complaints.</param>
    /// <exception cref="EvidenceException">It is no envelope, or the key did not sign it.</exception>
    internal static byte[] Open(string name, byte[] envelope, byte[] publicKey)
    {
        var root = Read(name, envelope);
        try
        {
            if (root.Require("payloadType").Text() != PayloadType)
                throw new EvidenceException($"{name} holds no in-toto statement");
            var payload = Bytes(root.Require("payload"));
            var signatures = root.Require("signatures").Items().Take(MostSignatures).ToList();
            return signatures.Exists(s => StatementKey.Accepts(publicKey, Encode(payload), Bytes(s.Require("sig"))))
                ? payload
                : throw new EvidenceException($"{name} is not signed by the builder's key, or was changed");
        }
        catch (MaterialsException wrong)
        {
            throw new EvidenceException(wrong.Message, wrong);
        }
    }

    internal static string KeyId(byte[] publicKey) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(publicKey))}";

    /// <summary>PAE: lengths in front of both parts, so that no two pairs have the same bytes.</summary>
    private static byte[] Encode(byte[] payload)
    {
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"DSSEv1 {PayloadType.Length} {PayloadType} {payload.Length} "
        );
        return [.. Encoding.UTF8.GetBytes(head), .. payload];
    }

    private static Json Read(string name, byte[] envelope)
    {
        try
        {
            return Json.Parse(name, envelope);
        }
        catch (MaterialsException wrong)
        {
            throw new EvidenceException(wrong.Message, wrong);
        }
    }

    private static byte[] Bytes(Json base64)
    {
        var text = base64.Text();
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length)
            ? bytes[..length]
            : throw base64.Wrong("accepted: base64");
    }
}
