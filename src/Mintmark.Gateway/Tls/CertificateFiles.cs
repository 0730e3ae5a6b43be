using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Mintmark.Gateway.Tls;

/// <summary>
/// The certificate that clients see, from PEM files. They are looked at every two seconds, since whoever renews them
/// may do so by writing, renaming or moving a link. New ones that are no good are said to be so, and the old go on.
/// </summary>
/// <param name="say">Tells people what is wrong.</param>
sealed class CertificateFiles(CertificatePaths paths, Action<string> say, TimeProvider time)
{
    private const int Longest = 1 << 20;
    private static readonly TimeSpan LookEach = TimeSpan.FromSeconds(2);

    private byte[] taken = [];
    private string? said;
    private volatile SslStreamCertificateContext? current;

    /// <exception cref="InvalidOperationException">It was never opened.</exception>
    public SslStreamCertificateContext Current => current ?? throw new InvalidOperationException("no certificate yet");

    /// <exception cref="CannotStartException">The files are not there, or no good.</exception>
    public void Open()
    {
        if (Take() is { } wrong)
            throw new CannotStartException(wrong);
    }

    /// <summary>Until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(LookEach, time);
        try
        {
            while (await timer.WaitForNextTickAsync(ct))
                Look();
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested) { }
    }

    /// <summary>Takes what is new in the files, or says what is wrong with it, once.</summary>
    public void Look()
    {
        var wrong = Take();
        if (wrong is not null && wrong != said)
            say($"{wrong}; the one before goes on");
        said = wrong;
    }

    /// <returns>What is wrong; null where nothing is.</returns>
    private string? Take()
    {
        try
        {
            var certificate = Read(paths.Certificate);
            var key = paths.Key == paths.Certificate ? certificate : Read(paths.Key);
            var found = SHA256.HashData([.. SHA256.HashData(certificate), .. SHA256.HashData(key)]);
            if (found.AsSpan().SequenceEqual(taken))
                return null;
            current = Load(certificate, key);
            taken = found;
            return null;
        }
        catch (Exception bad)
            when (bad is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            return $"no certificate and its key in {paths}: {bad.Message}";
        }
    }

    private SslStreamCertificateContext Load(byte[] certificate, byte[] key)
    {
        var text = System.Text.Encoding.UTF8.GetString(certificate);
        var leaf = X509Certificate2.CreateFromPem(text, System.Text.Encoding.UTF8.GetString(key));
        if (leaf.NotAfter.ToUniversalTime() <= time.GetUtcNow().UtcDateTime)
            throw new CryptographicException($"it ended on {leaf.NotAfter.ToUniversalTime():yyyy-MM-dd}");
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(text);
        // The first is the leaf; what follows are those that vouch for it.
        chain.RemoveAt(0);
        return SslStreamCertificateContext.Create(leaf, chain, offline: true);
    }

    private static byte[] Read(string file) =>
        new FileInfo(file) is { Length: <= Longest }
            ? File.ReadAllBytes(file)
            : throw new IOException($"{file} is longer than {Longest >> 20} MB");
}

/// <param name="Key">May be the same file.</param>
public sealed record CertificatePaths(string Certificate, string Key)
{
    public override string ToString() => Key == Certificate ? Certificate : $"{Certificate} and {Key}";
}
