using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Mintmark.Log;

/// <summary>
/// How many entries were acknowledged, in a file beside the database. SQLite takes a damaged frame of its write-ahead
/// log for the end of it, so after a kill one flipped bit there would silently make the log shorter, or empty; with
/// this file that is noticed.
/// </summary>
/// <remarks>
/// Written after the commit and never flushed: after a kill it is exact, after a power cut it may lag behind, and it is
/// never ahead of what is durable. It is one write of fixed length below a sector's, so it is never half there.
/// </remarks>
sealed class AcknowledgedSize : IDisposable
{
    const int Digits = 19;
    const int Length = Digits + 1 + (2 * Hash.Length) + 1;

    // A reader may meet the writer in mid-write.
    const int ReadAttempts = 20;

    readonly SafeFileHandle file;

    AcknowledgedSize(SafeFileHandle file) => this.file = file;

    public static string PathOf(string database) => $"{database}-acknowledged";

    public static AcknowledgedSize OpenToWrite(string database, long size)
    {
        var path = PathOf(database);
        if (!File.Exists(path))
            PrivateFile.WriteNew(path, Encode(size));
        try
        {
            var acknowledged = new AcknowledgedSize(
                File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)
            );
            acknowledged.Write(size);
            return acknowledged;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LogStorageException($"cannot write {path}: {e.Message}", e);
        }
    }

    public void Write(long size) => RandomAccess.Write(file, Encoding.ASCII.GetBytes(Encode(size)), 0);

    /// <summary>Zero if it was never written down.</summary>
    public static long Read(string database)
    {
        var path = PathOf(database);
        if (!File.Exists(path))
            return 0;
        for (var attempt = 0; attempt < ReadAttempts; attempt++)
            if (Decode(PrivateFile.Read(path)) is { } size)
                return size;
        throw new LogCorruptException(
            $"{path} is damaged. It only says how many entries there are: if the log's size is right, delete it",
            null
        );
    }

    static string Encode(long size)
    {
        var digits = size.ToString(new string('0', Digits), CultureInfo.InvariantCulture);
        return $"{digits} {Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(digits)))}\n";
    }

    static long? Decode(string text) =>
        text.Length == Length
        && long.TryParse(text.AsSpan(0, Digits), NumberStyles.None, CultureInfo.InvariantCulture, out var size)
        && Encode(size) == text
            ? size
            : null;

    public void Dispose() => file.Dispose();
}
