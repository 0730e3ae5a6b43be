using Mintmark.Releases;

namespace Mintmark.Simulation;

/// <summary>What is true of a version, though nobody in the control plane knows. Written into its commit.</summary>
/// <param name="Errors">Errors per 10,000 requests.</param>
/// <param name="BearsLess">It answers so only up to this share of the traffic; above, nothing it answers is
/// right.</param>
/// <param name="Slow">Slow requests per 10,000.</param>
/// <param name="StartsAfter">Until its instances are healthy; null where they never are.</param>
/// <param name="CrashesAfter">Life of its instances; null where they live until they are stopped.</param>
internal sealed record Fate(
    string Name,
    int Errors,
    int Slow,
    TimeSpan? StartsAfter,
    TimeSpan? CrashesAfter,
    bool BreaksInvariant,
    bool BuildFails,
    bool SuiteFails,
    Share? BearsLess = null
)
{
    private static readonly Fate Fine = new("good", 10, 100, TimeSpan.FromMilliseconds(800), null, false, false, false);

    public static readonly IReadOnlyList<Fate> All =
    [
        Fine,
        Fine with
        {
            Name = "good-but-slow-to-start",
            StartsAfter = TimeSpan.FromSeconds(12),
        },
        Fine with
        {
            Name = "errors",
            Errors = 1_500,
        },
        Fine with
        {
            Name = "always-fails",
            Errors = 10_000,
        },
        Fine with
        {
            Name = "fails-once-promoted",
            BearsLess = new Share(5_000),
        },
        Fine with
        {
            Name = "slow",
            Slow = 3_000,
        },
        Fine with
        {
            Name = "breaks-invariant",
            BreaksInvariant = true,
        },
        Fine with
        {
            Name = "never-healthy",
            StartsAfter = null,
        },
        Fine with
        {
            Name = "crashes",
            CrashesAfter = TimeSpan.FromSeconds(4),
        },
        Fine with
        {
            Name = "does-not-start",
            CrashesAfter = TimeSpan.FromMilliseconds(200),
            StartsAfter = null,
        },
        Fine with
        {
            Name = "does-not-build",
            BuildFails = true,
        },
        Fine with
        {
            Name = "fails-a-test",
            SuiteFails = true,
        },
    ];

    public static Fate Good => All[0];

    /// <summary>No version with this fate may ever end a release as promoted.</summary>
    public bool Hopeless => BuildFails || SuiteFails || StartsAfter is null;

    /// <param name="share">Of the traffic, that it has.</param>
    public int ErrorsAt(Share share) => BearsLess is { } most && share.CompareTo(most) > 0 ? 10_000 : Errors;

    public static Fate Of(ServiceVersion version) => All.First(f => f.Name == version.Source.Subject);
}
