using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Mintmark.Gateway.Tls;

namespace Mintmark.Tests.Gateway;

/// <summary>A folder with a certificate of bank.localhost and its key, as PEM.</summary>
sealed class Certified : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("mintmark-tls-").FullName;

    public Certified() => Renew();

    public CertificatePaths Paths => new(Path.Combine(folder, "certificate.pem"), Path.Combine(folder, "key.pem"));

    /// <summary>Signed by itself, so that nobody but we would take it.</summary>
    public static bool IsOurs(X509Certificate? shown) => shown?.Subject == "CN=bank.localhost";

    /// <returns>Names the new one.</returns>
    public string Renew(int daysLeft = 30)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=bank.localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("bank.localhost");
        request.CertificateExtensions.Add(names.Build());
        var now = DateTimeOffset.UtcNow;
        using var certificate = request.CreateSelfSigned(now.AddDays(-60), now.AddDays(daysLeft));
        File.WriteAllText(Paths.Certificate, certificate.ExportCertificatePem());
        File.WriteAllText(Paths.Key, key.ExportPkcs8PrivateKeyPem());
        return certificate.Thumbprint;
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
