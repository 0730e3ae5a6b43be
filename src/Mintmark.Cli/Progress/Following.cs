using System.Runtime.CompilerServices;
using Mintmark.Releases;
using Mintmark.Server;

namespace Mintmark.Cli;

internal enum Until
{
    /// <summary>It serves all traffic (its guard period may still run), or has ended otherwise.</summary>
    Promoted,
    Ended,
}

/// <param name="Answer">The last that was heard.</param>
/// <param name="AwaySince">Set while the control plane does not answer.</param>
internal sealed record Sighting(ReleaseAnswer Answer, DateTimeOffset? AwaySince);

/// <summary>
/// Looks at a release whenever the log has grown. A control plane that is starting again is waited for.
/// </summary>
internal sealed class Following(ApiClient api, ReleaseId id, Until until, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(500);

    /// <summary>A log that grows a thousand times a second is not asked about a thousand times a second.</summary>
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(100);

    public async IAsyncEnumerable<Sighting> SightingsAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var answer = await api.GetAsync<ReleaseAnswer>($"/api/releases/{id}", ct);
        yield return new Sighting(answer, null);
        DateTimeOffset? away = null;
        while (!IsOver(answer.Release))
        {
            var heard = await NextAsync(answer.Revision, away, ct);
            away = heard is null ? away ?? clock.GetUtcNow() : null;
            answer = heard ?? answer;
            yield return new Sighting(answer, away);
            await Task.Delay(heard is null ? AskAgainAfter : Breath, clock, ct);
        }
    }

    private bool IsOver(Release release) =>
        release.Phase == Phase.Ended || (until == Until.Promoted && release.Phase == Phase.Guarding);

    /// <returns>Null while nobody answers.</returns>
    private async Task<ReleaseAnswer?> NextAsync(long seen, DateTimeOffset? away, CancellationToken ct)
    {
        try
        {
            return await api.GetAsync<ReleaseAnswer>($"/api/releases/{id}?after={seen}", ct);
        }
        catch (ControlPlaneAwayException) when (away is null || clock.GetUtcNow() - away < Patience)
        {
            return null;
        }
    }
}
