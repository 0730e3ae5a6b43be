using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Mintmark.Server;

/// <summary>Lets through who bears the token. Compared in constant time; never logged.</summary>
internal sealed class Bearer(RequestDelegate next, string token, string tokenFile)
{
    private const string Scheme = "Bearer ";
    private readonly byte[] expected = SHA256.HashData(Encoding.ASCII.GetBytes(token));

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Path == "/health" || Bears(context.Request.Headers.Authorization.ToString()))
        {
            await next(context);
            return;
        }
        context.Response.Headers.WWWAuthenticate = "Bearer";
        await Results
            .Problem(
                statusCode: StatusCodes.Status401Unauthorized,
                title: "a valid bearer token is needed",
                detail: $"send 'Authorization: Bearer …' with the content of {tokenFile}, which only its owner can read"
            )
            .ExecuteAsync(context);
    }

    private bool Bears(string header) =>
        header.StartsWith(Scheme, StringComparison.Ordinal)
        && CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.ASCII.GetBytes(header[Scheme.Length..].Trim())),
            expected
        );
}
