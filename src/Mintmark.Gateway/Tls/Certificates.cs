using System.Collections.Frozen;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Mintmark.Gateway.Tls;

/// <summary>
/// The certificates that clients may see, and which of them: one for every name, or by the name that a client asks for
/// (RFC 6066, section 3).
/// </summary>
sealed class Certificates
{
    public const string DefaultFile = "default.pem";

    private const string Wildcard = "*.";
    private const int MostFiles = 1_000;

    private readonly IReadOnlyDictionary<string, Certificate> byFile;
    private readonly FrozenDictionary<string, Certificate> byName;
    private readonly Certificate? forOthers;

    /// <param name="byFile">By the path of each.</param>
    /// <param name="forOthers">Null where others see none.</param>
    private Certificates(IReadOnlyDictionary<string, Certificate> byFile, Certificate? forOthers)
    {
        (this.byFile, this.forOthers) = (byFile, forOthers);
        // Of two for a name the one that lasts longer.
        byName = byFile
            .Values.SelectMany(c => c.Names.Select(name => (name, c)))
            .GroupBy(pair => pair.name, pair => pair.c, StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(g => g.Key, g => g.MaxBy(c => c.Until)!, StringComparer.OrdinalIgnoreCase);
    }

    public static Reloaded<Certificates> Of(CertificatePaths paths, Action<string> say, TimeProvider time) =>
        new(
            $"the certificate and its key in {paths}",
            () => Read(paths),
            (files, before) => Load(paths, files, before, time.GetUtcNow().UtcDateTime),
            say,
            time
        );

    /// <param name="name">That the client asks for; null or empty where it asks for none.</param>
    /// <returns>Null where it is to see none.</returns>
    public SslStreamCertificateContext? For(string? name)
    {
        var asked = (name ?? "").TrimEnd('.');
        if (byName.TryGetValue(asked, out var exact))
            return exact.Context;
        var dot = asked.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && byName.TryGetValue($"*{asked[dot..]}", out var wild) ? wild.Context : forOthers?.Context;
    }

    private static IReadOnlyList<PemFile> Read(CertificatePaths paths)
    {
        if (!Directory.Exists(paths.Certificate))
            return paths.Key == paths.Certificate
                ? [PemFile.Read(paths.Certificate)]
                : [PemFile.Read(paths.Certificate), PemFile.Read(paths.Key)];
        if (paths.Key != paths.Certificate)
            throw new IOException("of a folder each NAME.pem holds its key, or NAME.key does: --key goes with a file");
        var files = Directory
            .EnumerateFiles(paths.Certificate)
            .Where(f => f.EndsWith(".pem", StringComparison.Ordinal) || f.EndsWith(".key", StringComparison.Ordinal))
            .Take(MostFiles + 1)
            .Order(StringComparer.Ordinal)
            .ToList();
        return files.Count <= MostFiles
            ? [.. files.Select(PemFile.TryRead)]
            : throw new IOException($"there are more than {MostFiles} files");
    }

    /// <summary>In a folder each stands for itself: one that is no good keeps the others from nothing.</summary>
    private static (Certificates, string?) Load(
        CertificatePaths paths,
        IReadOnlyList<PemFile> files,
        Certificates? before,
        DateTime now
    )
    {
        if (!Directory.Exists(paths.Certificate))
        {
            var only = Certificate.Load(files[0].Text, files[^1].Text, now);
            var one = new Dictionary<string, Certificate>(StringComparer.Ordinal) { [files[0].Path] = only };
            return (new Certificates(one, only), null);
        }
        var keys = files.ToDictionary(f => f.Path, StringComparer.Ordinal);
        var found = new Dictionary<string, Certificate>(StringComparer.Ordinal);
        var wrong = new List<string>();
        foreach (var file in files.Where(f => f.Path.EndsWith(".pem", StringComparison.Ordinal)))
        {
            try
            {
                var key = keys.GetValueOrDefault(Path.ChangeExtension(file.Path, ".key"), file);
                found[file.Path] = Certificate.Load(file.Text, key.Text, now);
            }
            catch (Exception bad) when (PemFile.IsBad(bad))
            {
                wrong.Add($"{Path.GetFileName(file.Path)}: {bad.Message}");
                if (before?.byFile.GetValueOrDefault(file.Path) is { } kept)
                    found[file.Path] = kept;
            }
        }
        var said = wrong.Count > 0 ? string.Join("; ", wrong) : null;
        return found.Count > 0
            ? (new Certificates(found, found.GetValueOrDefault(Path.Combine(paths.Certificate, DefaultFile))), said)
            : throw new CryptographicException(said ?? "no file there ends in .pem");
    }

    /// <param name="Names">Its DNS names; a wildcard begins with an asterisk and stands for one label.</param>
    private sealed record Certificate(SslStreamCertificateContext Context, IReadOnlyList<string> Names, DateTime Until)
    {
        public static Certificate Load(string certificate, string key, DateTime now)
        {
            var leaf = X509Certificate2.CreateFromPem(certificate, key);
            var until = leaf.NotAfter.ToUniversalTime();
            if (until <= now)
                throw new CryptographicException($"it ended on {until:yyyy-MM-dd}");
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(certificate);
            // The first is the leaf; what follows are those that vouch for it.
            chain.RemoveAt(0);
            var names = leaf
                .Extensions.OfType<X509SubjectAlternativeNameExtension>()
                .SelectMany(e => e.EnumerateDnsNames());
            return new Certificate(
                SslStreamCertificateContext.Create(leaf, chain, offline: true),
                [.. names.Where(n => !n[1..].Contains('*') && (n[0] != '*' || n.StartsWith(Wildcard, default)))],
                until
            );
        }
    }
}

/// <param name="Certificate">A file, or a folder with several.</param>
/// <param name="Key">May be the same file.</param>
public sealed record CertificatePaths(string Certificate, string Key)
{
    public override string ToString() => Key == Certificate ? Certificate : $"{Certificate} and {Key}";
}
