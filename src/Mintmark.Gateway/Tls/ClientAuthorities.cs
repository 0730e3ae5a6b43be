using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Mintmark.Gateway.Tls;

/// <summary>Who may vouch for clients.</summary>
sealed class ClientAuthorities(X509Certificate2Collection trusted, bool areRequired)
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <param name="file">PEM.</param>
    public static Reloaded<ClientAuthorities> Of(
        string file,
        bool areRequired,
        Action<string> say,
        TimeProvider time
    ) =>
        new(
            $"who vouches for clients, in {file}",
            () => [PemFile.Read(file)],
            (files, _) => (Load(files[0].Text, areRequired), null),
            say,
            time
        );

    /// <summary>Whether a client may come in that shows this certificate, or none.</summary>
    /// <param name="along">What came with it: authorities between it and one that is trusted.</param>
    public bool Accept(X509Certificate? shown, X509Certificate2Collection? along) =>
        shown is null ? !areRequired : Until(shown, along) is not null;

    /// <summary>Until when, in UTC, it is vouched for: the first of its chain to end says so.</summary>
    /// <returns>Null where nobody does.</returns>
    public DateTime? Until(X509Certificate shown, X509Certificate2Collection? along)
    {
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(trusted);
        policy.ExtraStore.AddRange(along ?? []);
        policy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        using var certificate = new X509Certificate2(shown);
        return chain.Build(certificate) ? chain.ChainElements.Min(e => e.Certificate.NotAfter.ToUniversalTime()) : null;
    }

    private static ClientAuthorities Load(string text, bool areRequired)
    {
        var found = new X509Certificate2Collection();
        found.ImportFromPem(text);
        return found.Count > 0
            ? new ClientAuthorities(found, areRequired)
            : throw new CryptographicException("it has no certificate");
    }
}
