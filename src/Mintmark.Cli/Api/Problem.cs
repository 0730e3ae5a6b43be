using System.Net;

namespace Mintmark.Cli;

/// <summary>Problem details (RFC 9457), as far as they are ours.</summary>
internal sealed record Problem(string? Title, string? Detail, string? Rule)
{
    public static readonly Problem Untold = new(null, null, null);

    /// <summary>Refusals that say that something was asked wrongly, beside those of what is not known.</summary>
    private static readonly string[] Wrong =
    [
        "no-such-case",
        "reason-required",
        "reason-too-long",
        "expiry-needed",
        "expiry-out-of-range",
        "controls-missing",
        "role-missing",
        "too-many-addresses",
        "token-malformed",
    ];

    public StopException ToStop(HttpStatusCode status) => new(ExitOf(status), What(status), NextAfter(status));

    private string What(HttpStatusCode status) =>
        (Title, Detail) switch
        {
            (null, null) => $"the control plane answered {(int)status}",
            (var title, null) => title,
            (null, var detail) => detail,
            _ when status == HttpStatusCode.NotFound => Detail,
            _ when Rule is not null => $"refused by {Rule}: {Detail}",
            // Several lines, as of a manifest with several faults, stand below their title.
            _ when Detail.Contains('\n', StringComparison.Ordinal) =>
                $"{Title}:\n    {Detail.Replace("\n", "\n    ", StringComparison.Ordinal)}",
            _ => $"{Title}: {Detail}",
        };

    /// <summary>A refusal is an expected no; what was asked wrongly is bad input; the rest is a failure.</summary>
    private int ExitOf(HttpStatusCode status) =>
        status == HttpStatusCode.Conflict && !IsBadInput ? Exit.No
        : (int)status is >= 400 and < 500 ? Exit.BadInput
        : Exit.Failure;

    private bool IsBadInput =>
        Rule is not null && (Rule.StartsWith("unknown-", StringComparison.Ordinal) || Wrong.Contains(Rule));

    private static string? NextAfter(HttpStatusCode status) =>
        status switch
        {
            HttpStatusCode.InsufficientStorage => "free some disk space, then try again; nothing was decided",
            >= HttpStatusCode.InternalServerError => "look at 'mint status' and at the output of 'mint up'",
            _ => null,
        };
}
