using System.Security.Cryptography;

namespace Mintmark.Server;

/// <summary>Tells builds of this program apart: by what is in its parts, whatever they call themselves.</summary>
internal static class BuildId
{
    private const int Digits = 16;

    /// <returns>16 hex digits of a SHA-256.</returns>
    public static string Of(string folder)
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in Directory.GetFiles(folder, "Mintmark.*.dll").Order(StringComparer.Ordinal))
            all.AppendData(SHA256.HashData(File.ReadAllBytes(part)));
        return Convert.ToHexStringLower(all.GetHashAndReset())[..Digits];
    }
}
