using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Mintmark.Releases;

namespace Mintmark.Build;

/// <summary>
/// Checks OpenPGP signatures of commits with <c>gpgv</c>, which knows no keys but those of the ring that it is given,
/// asks nobody and writes nothing.
/// </summary>
internal static class OpenPgp
{
    private const int LargestRing = 16 << 20;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Whether a line of a commit's header begins its signature; what it merges may bring another.</summary>
    public static bool IsSignature(string line) =>
        line.StartsWith("gpgsig", StringComparison.Ordinal)
        && line.Contains(" -----BEGIN PGP", StringComparison.Ordinal);

    /// <param name="commit">The object as git stores it.</param>
    /// <param name="keys">File of public keys, in armor or binary.</param>
    public static async Task<CommitSignature> CheckAsync(byte[] commit, string keys, CancellationToken ct)
    {
        var unknown = new CommitSignature(SignatureState.Unchecked, null);
        if (!File.Exists(keys) || new FileInfo(keys).Length > LargestRing)
            return unknown;
        var (signature, signed) = Split(commit);
        var folder = Directory.CreateTempSubdirectory("mintmark-gpgv-").FullName;
        try
        {
            var (ring, detached, content) = (
                Path.Combine(folder, "ring.gpg"),
                Path.Combine(folder, "commit.asc"),
                Path.Combine(folder, "commit")
            );
            await File.WriteAllBytesAsync(ring, Dearmored(await File.ReadAllBytesAsync(keys, ct)), ct);
            await File.WriteAllBytesAsync(detached, signature, ct);
            await File.WriteAllBytesAsync(content, signed, ct);
            return await AskAsync(folder, ring, detached, content, ct) is { } said ? Told(said) : unknown;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What a commit's header has of its signature, and the commit without that header.</summary>
    internal static (byte[] Signature, byte[] Signed) Split(byte[] commit)
    {
        var (signature, signed, inSignature, inBody) = (new MemoryStream(), new MemoryStream(), false, false);
        for (var at = 0; at < commit.Length; )
        {
            var end = Array.IndexOf(commit, (byte)'\n', at);
            var next = end < 0 ? commit.Length : end + 1;
            var line = commit.AsSpan(at, next - at);
            at = next;
            inBody |= line.Length == 1;
            if (!inBody && line.StartsWith("gpgsig"u8))
            {
                inSignature = true;
                signature.Write(line[(line.IndexOf((byte)' ') + 1)..]);
            }
            else if (inSignature && line is [(byte)' ', ..])
            {
                signature.Write(line[1..]);
            }
            else
            {
                inSignature = false;
                signed.Write(line);
            }
        }
        return (signature.ToArray(), signed.ToArray());
    }

    /// <summary>Packets of every armored block (RFC 9580, section 6.2); what has no armor is as it is.</summary>
    internal static byte[] Dearmored(byte[] keys)
    {
        var text = Encoding.ASCII.GetString(keys);
        if (!text.Contains("-----BEGIN PGP PUBLIC KEY BLOCK-----", StringComparison.Ordinal))
            return keys;
        var (packets, inBlock, inBody) = (new MemoryStream(), false, false);
        var base64 = new StringBuilder();
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n').Select(l => l.Trim()))
        {
            if (line.StartsWith("-----BEGIN PGP", StringComparison.Ordinal))
                (inBlock, inBody) = (true, false);
            else if (line.StartsWith("-----END PGP", StringComparison.Ordinal))
            {
                var bytes = new byte[base64.Length];
                if (Convert.TryFromBase64String(base64.ToString(), bytes, out var length))
                    packets.Write(bytes, 0, length);
                base64.Clear();
                inBlock = false;
            }
            else if (inBlock && line.Length == 0)
                inBody = true;
            // A line that begins with = is the checksum.
            else if (inBody && !line.StartsWith('='))
                base64.Append(line);
        }
        return packets.ToArray();
    }

    /// <returns>Null where it is not installed or does not answer in time.</returns>
    private static async Task<string?> AskAsync(
        string folder,
        string ring,
        string signature,
        string content,
        CancellationToken ct
    )
    {
        var start = new ProcessStartInfo("gpgv", ["--status-fd", "1", "--keyring", ring, signature, content])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var path = start.Environment.TryGetValue("PATH", out var p) ? p : "/usr/bin:/bin";
        start.Environment.Clear();
        start.Environment["PATH"] = path;
        start.Environment["HOME"] = folder;
        start.Environment["GNUPGHOME"] = folder;
        start.Environment["LC_ALL"] = "C";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Limit);
        try
        {
            using var gpgv = Process.Start(start)!;
            try
            {
                var errors = gpgv.StandardError.ReadToEndAsync(limit.Token);
                var said = await gpgv.StandardOutput.ReadToEndAsync(limit.Token);
                await errors;
                await gpgv.WaitForExitAsync(limit.Token);
                return said;
            }
            finally
            {
                if (!gpgv.HasExited)
                    gpgv.Kill();
            }
        }
        catch (Win32Exception)
        {
            return null;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Lines of doc/DETAILS of GnuPG. A key that has expired or was revoked is trusted no more.</summary>
    private static CommitSignature Told(string said)
    {
        var words = said.Split('\n')
            .Where(line => line.StartsWith("[GNUPG:] ", StringComparison.Ordinal))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..])
            .Where(line => line.Length > 0)
            .ToList();
        // Of the primary key where a subkey has signed.
        var key =
            words.Where(w => w[0] == "VALIDSIG").Select(w => w[^1]).FirstOrDefault()
            ?? words.Where(w => w[0] == "ERRSIG" && w.Length > 1).Select(w => w[1]).FirstOrDefault();
        var state =
            Says("BADSIG") ? SignatureState.Bad
            : Says("EXPKEYSIG") || Says("REVKEYSIG") || Says("EXPSIG") ? SignatureState.Untrusted
            : Says("GOODSIG") && Says("VALIDSIG") ? SignatureState.Good
            : SignatureState.Unchecked;
        return new CommitSignature(state, key);

        bool Says(string word) => words.Exists(w => w[0] == word);
    }
}
