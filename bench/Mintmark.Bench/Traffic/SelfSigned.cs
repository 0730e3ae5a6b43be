using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Mintmark.Bench.Traffic;

/// <summary>A certificate that nobody else vouches for, good for a day.</summary>
internal static class SelfSigned
{
    public const string Subject = "CN=bank.localhost";

    /// <returns>Both files' text: the certificate, then the key.</returns>
    public static async Task<string> WriteAsync(string certificateFile, string keyFile)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Subject, key, HashAlgorithmName.SHA256);
        var now = DateTimeOffset.UtcNow;
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var (shown, kept) = (certificate.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
        await File.WriteAllTextAsync(certificateFile, shown);
        await File.WriteAllTextAsync(keyFile, kept);
        return shown + kept;
    }
}
