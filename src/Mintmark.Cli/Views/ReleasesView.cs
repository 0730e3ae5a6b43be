using Mintmark.Releases;
using Mintmark.Server;

namespace Mintmark.Cli;

internal static class ReleasesView
{
    public static Page Of(IReadOnlyList<ReleaseAnswer> releases, ServiceName? service, DateTimeOffset now)
    {
        if (releases.Count == 0)
        {
            return service is { } name
                ? new Page().Line($"no release of {name} yet")
                : new Page().Line("no release yet; in a service's repository:  mint ship");
        }
        return new Page().Rows("", [Heading(), .. releases.Select(r => Row(r.Release, now))]);
    }

    private static Ink[] Heading() =>
        [.. new[] { "RELEASE", "VERSION", "PLACE", "ASKED", "BY", "REASON" }.Select(h => new Ink(h, Tone.Quiet))];

    private static Ink[] Row(Release release, DateTimeOffset now) =>
        [
            new Ink($"{release.Id}", Tone.Strong),
            release.Kind == ReleaseKind.Ship ? $"{release.Mark}" : $"back to {release.Mark}",
            Words.Place(release),
            Words.Ago(release.RequestedAt, now),
            $"{release.By}",
            release.Reason,
        ];
}
