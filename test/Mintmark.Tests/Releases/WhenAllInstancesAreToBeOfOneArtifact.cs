using Mintmark.Releases;
using Xunit;
using static Mintmark.Tests.Releases.Bank;

namespace Mintmark.Tests.Releases;

public sealed class WhenAllInstancesAreToBeOfOneArtifact
{
    private static readonly string Digest = Built(1).Artifact.Digest;
    private static readonly ControlResult Demanded = new(Trials.OneDigest, true, Why, Standing.Later);

    /// <summary>A first release of three instances, each seen to run from files of that digest.</summary>
    private static State Ready(ControlResult gate, params IReadOnlyList<string?> digests) =>
        Story.Given([
            ShipRequested(1) with
            {
                Manifest = Declared with { Run = Declared.Run with { Instances = 3 } },
            },
            Built(1),
            new Event.GateDecided(Release(1), [gate]),
            new Event.ReleaseAdmitted(Release(1), null),
            .. digests.SelectMany(
                (digest, i) =>
                    (Event[])
                        [
                            new Event.InstancePlanned(Instance(i + 1), Mark(1), 20_001 + i),
                            new Event.InstanceStarted(Instance(i + 1), 100 + i, 7, digest),
                            new Event.InstanceHealthChanged(Instance(i + 1), true, "answers 200"),
                        ]
            ),
        ]);

    [Fact]
    public void AllOfThemServe() => Ready(Demanded, Digest, Digest, Digest).IsRecorded(Promoted(1));

    [Fact]
    public void OneThatIsStaleStopsThemAll() =>
        Ready(Demanded, Digest, "sha256:older", Digest).IsOvertaken(Promoted(1), "i-2 runs sha256:older");

    [Fact]
    public void OneThatNobodyLookedAtStopsThemAll() =>
        Ready(Demanded, Digest, Digest, null).IsOvertaken(Promoted(1), "i-3 runs from files that nobody");

    [Fact]
    public void OneThatIsMissingStopsThemAll() =>
        Ready(Demanded, Digest, Digest).IsOvertaken(Promoted(1), "2 of 3 instances of bank-1 are healthy");

    [Fact]
    public void WhereNobodyAsksTheyAreAwaitedAllTheSame()
    {
        Ready(Passed, Digest, Digest, null).IsRecorded(Promoted(1));
        Ready(Passed, Digest, Digest).IsOvertaken(Promoted(1), "2 of 3 instances");
        Ready(Passed, Digest, Digest, "sha256:older").IsOvertaken(Promoted(1), "i-3 runs sha256:older");
    }
}
