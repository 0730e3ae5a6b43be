using System.Security.Cryptography;
using System.Text;

namespace Mintmark.Gateway.Tls;

/// <summary>A file as it was read.</summary>
/// <param name="Unread">Why it could not be, and then no text is there; null where it was.</param>
sealed record PemFile(string Path, byte[] Bytes, string? Unread = null)
{
    private const int Longest = 1 << 20;

    /// <exception cref="IOException">It could not be read.</exception>
    public string Text => Unread is null ? Encoding.UTF8.GetString(Bytes) : throw new IOException(Unread);

    /// <exception cref="IOException">It is not there, or too long to be one.</exception>
    /// <exception cref="UnauthorizedAccessException">We may not read it.</exception>
    public static PemFile Read(string path) =>
        new FileInfo(path) is { Length: <= Longest }
            ? new PemFile(path, File.ReadAllBytes(path))
            : throw new IOException($"{path} is longer than {Longest >> 20} MB");

    /// <summary>One of several, of which the others are read all the same.</summary>
    public static PemFile TryRead(string path)
    {
        try
        {
            return Read(path);
        }
        catch (Exception bad) when (IsBad(bad))
        {
            return new PemFile(path, [], bad.Message);
        }
    }

    /// <summary>What files do to who reads them.</summary>
    public static bool IsBad(Exception wrong) =>
        wrong is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException;
}
