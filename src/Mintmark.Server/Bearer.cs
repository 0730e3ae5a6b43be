using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Mintmark.Releases;

namespace Mintmark.Server;

/// <summary>
/// Lets through who bears the home's token or a person's own, and says who it is. Compared in constant time; never
/// logged.
/// </summary>
internal sealed class Bearer(RequestDelegate next, Func<State> state, string token, string tokenFile)
{
    private const string Scheme = "Bearer ";
    private const string DigestStart = "sha256:";
    private readonly byte[] expected = PersonToken.Hash(token);

    public async Task InvokeAsync(HttpContext context)
    {
        var caller = Who(context.Request.Headers.Authorization.ToString());
        if (caller is not null || context.Request.Path == "/health")
        {
            if (caller is not null)
                Caller.Set(context, caller);
            await next(context);
            return;
        }
        context.Response.Headers.WWWAuthenticate = "Bearer";
        await Results
            .Problem(
                statusCode: StatusCodes.Status401Unauthorized,
                title: "a valid bearer token is needed",
                detail: "send 'Authorization: Bearer …' with a token of your own (mint person add), or with the "
                    + $"content of {tokenFile}, which only its owner can read"
            )
            .ExecuteAsync(context);
    }

    private Caller? Who(string header)
    {
        if (!header.StartsWith(Scheme, StringComparison.Ordinal))
            return null;
        var given = PersonToken.Hash(header[Scheme.Length..].Trim());
        if (CryptographicOperations.FixedTimeEquals(given, expected))
            return new Caller(Person: null);
        PersonName? found = null;
        // All are looked at, whichever it is; whoever was removed is not among them from that moment on.
        foreach (var person in state().Persons.Values)
        {
            if (IsOf(person, given))
                found = person.Name;
        }
        return found is null ? null : new Caller(found);
    }

    private static bool IsOf(Person person, byte[] given) =>
        person.RemovedAt is null
        && CryptographicOperations.FixedTimeEquals(
            given,
            Convert.FromHexString(person.TokenDigest.AsSpan(DigestStart.Length))
        );
}
