using System.Security.Cryptography;
using System.Text;

namespace Mintmark.Gateway.Tls;

/// <summary>A file as it was read.</summary>
sealed record PemFile(string Path, byte[] Bytes)
{
    private const int Longest = 1 << 20;

    public string Text => Encoding.UTF8.GetString(Bytes);

    /// <exception cref="IOException">It is not there, or too long to be one.</exception>
    /// <exception cref="UnauthorizedAccessException">We may not read it.</exception>
    public static PemFile Read(string path) =>
        new FileInfo(path) is { Length: <= Longest }
            ? new PemFile(path, File.ReadAllBytes(path))
            : throw new IOException($"{path} is longer than {Longest >> 20} MB");

    /// <summary>What files do to who reads them.</summary>
    public static bool IsBad(Exception wrong) =>
        wrong is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException;
}
