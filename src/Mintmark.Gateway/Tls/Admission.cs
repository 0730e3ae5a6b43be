using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Mintmark.Gateway.Guard;

namespace Mintmark.Gateway.Tls;

/// <summary>
/// What a connection was let in by that showed a certificate, and is asked again at each request: a connection may
/// last longer than the certificate, or than those who vouch for it.
/// </summary>
/// <param name="along">Authorities that came with it.</param>
sealed class Admission(Reloaded<ClientAuthorities> clients, X509Certificate2 shown, X509Certificate2Collection along)
{
    private static readonly Refusal NoMore = new(
        StatusCodes.Status403Forbidden,
        "Certificate not accepted",
        "The client certificate of this connection is no longer accepted.",
        Blame: Reason.Handshake
    );

    /// <summary>Swapped whole: streams of HTTP/2 ask at the same time.</summary>
    private volatile Vouched? last;

    /// <summary>In the handshake. Who shows no certificate has none that could end.</summary>
    /// <returns>Whether the client may come in.</returns>
    public static bool Begin(
        ConnectionContext connection,
        Reloaded<ClientAuthorities> clients,
        X509Certificate? shown,
        X509Certificate2Collection? along
    )
    {
        if (shown is null)
            return clients.Current.Accept(shown, along);
        // What we are shown is let go after the handshake.
        var kept = (along ?? []).Select(authority => new X509Certificate2(authority));
        var admission = new Admission(clients, new X509Certificate2(shown), [.. kept]);
        connection.Features.Set(admission);
        return admission.Holds();
    }

    /// <summary>
    /// Where it does not hold any more the connection is to close: of HTTP/1.1 with this answer, of HTTP/2 when those
    /// under way are finished.
    /// </summary>
    /// <returns>Null where nothing is wrong with the certificate, or none was shown.</returns>
    public static Refusal? Refuse(HttpContext context)
    {
        if (context.Features.Get<Admission>()?.Holds() != false)
            return null;
        context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        return NoMore;
    }

    /// <summary>Looks at the chain only where those who vouch have changed.</summary>
    public bool Holds()
    {
        var (vouched, current) = (last, clients.Current);
        if (vouched is null || vouched.By != current)
            last = vouched = new Vouched(current, current.Until(shown, along));
        return vouched.Until > clients.Time.GetUtcNow().UtcDateTime;
    }

    /// <param name="Until">Null where they do not.</param>
    private sealed record Vouched(ClientAuthorities By, DateTime? Until);
}
