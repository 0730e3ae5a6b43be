using System.Net;

namespace Mintmark.Cli;

/// <summary>Problem details (RFC 9457), as far as they are ours.</summary>
internal sealed record Problem(string? Title, string? Detail, int? Status, string? Rule)
{
    /// <summary>A refusal is an expected no; what we asked wrongly is bad input; the rest is a failure.</summary>
    public static int ExitOf(HttpStatusCode status) =>
        status == HttpStatusCode.Conflict ? Exit.No
        : (int)status is >= 400 and < 500 ? Exit.BadInput
        : Exit.Failure;

    public StopException ToStop(HttpStatusCode status)
    {
        var what = (Title, Detail) switch
        {
            (null, null) => $"the control plane answered {(int)status}",
            (null, var detail) => detail,
            (var title, null) => title,
            var (title, detail) => $"{(Rule is null ? title : $"refused by {Rule}")}: {detail}",
        };
        return new StopException(ExitOf(status), what, NextAfter(status));
    }

    private static string? NextAfter(HttpStatusCode status) =>
        status switch
        {
            HttpStatusCode.InsufficientStorage => "free some disk space, then try again; nothing was decided",
            >= HttpStatusCode.InternalServerError => "look at 'mint status' and at the output of 'mint up'",
            _ => null,
        };
}
