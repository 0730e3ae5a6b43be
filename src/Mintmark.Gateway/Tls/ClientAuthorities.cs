using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Mintmark.Gateway.Tls;

/// <summary>
/// Who may vouch for clients, from a PEM file that is looked at every two seconds, as those of
/// <see cref="CertificateFiles"/> are.
/// </summary>
/// <param name="say">Tells people what is wrong.</param>
sealed class ClientAuthorities(string file, bool areRequired, Action<string> say, TimeProvider time)
{
    private const int Longest = 1 << 20;
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private static readonly TimeSpan LookEach = TimeSpan.FromSeconds(2);

    private byte[] taken = [];
    private string? said;
    private volatile X509Certificate2Collection trusted = [];

    /// <exception cref="CannotStartException">The file is not there, or no good.</exception>
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

    /// <summary>Takes what is new in the file, or says what is wrong with it, once.</summary>
    public void Look()
    {
        var wrong = Take();
        if (wrong is not null && wrong != said)
            say($"{wrong}; those before go on");
        said = wrong;
    }

    /// <summary>Whether a client may come in that shows this certificate, or none.</summary>
    public bool Accept(X509Certificate? shown)
    {
        if (shown is null)
            return !areRequired;
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(trusted);
        policy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        using var certificate = new X509Certificate2(shown);
        return chain.Build(certificate);
    }

    /// <returns>What is wrong; null where nothing is.</returns>
    private string? Take()
    {
        try
        {
            if (new FileInfo(file).Length > Longest)
                throw new IOException($"it is longer than {Longest >> 20} MB");
            var bytes = File.ReadAllBytes(file);
            if (bytes.AsSpan().SequenceEqual(taken))
                return null;
            var found = new X509Certificate2Collection();
            found.ImportFromPem(System.Text.Encoding.UTF8.GetString(bytes));
            if (found.Count == 0)
                throw new CryptographicException("it has no certificate");
            (trusted, taken) = (found, bytes);
            return null;
        }
        catch (Exception bad)
            when (bad is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            return $"nobody to vouch for clients in {file}: {bad.Message}";
        }
    }
}
