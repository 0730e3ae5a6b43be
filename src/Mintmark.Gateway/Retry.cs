using Microsoft.AspNetCore.Http;

namespace Mintmark.Gateway;

/// <summary>
/// Requests with the same <c>Idempotency-Key</c> of the same client are one request, sent again. A client that does not
/// say who it is in <c>Mint-Client</c> is to choose keys that nobody else does, as the draft of that header demands.
/// </summary>
static class Retry
{
    public const string Header = "Idempotency-Key";

    /// <summary>Longer ones are no keys: each such request is one of its own.</summary>
    public const int LongestKey = 256;

    public static string? KeyOf(HttpRequest request)
    {
        var given = request.Headers[Header];
        if (given.Count != 1 || given[0] is not { Length: > 0 and <= LongestKey } key)
            return null;
        var client = request.Headers[Caller.Header].ToString();
        return $"{client.Length} {client}{key}";
    }
}
