using Mintmark.Releases;

namespace Mintmark.Gate;

/// <summary>Controls of how the version was made.</summary>
internal static class BuildControls
{
    private const int MostCasesNamed = 5;

    public static Found Suite(Subject subject, string suite)
    {
        if (subject.Version.Suites.LastOrDefault(s => s.Suite == suite) is not { } result)
            return Found.No($"suite {suite} has no results", Found.ShipAgain);
        var (passed, failed, skipped) = (result.Passed, result.Failed, result.Skipped);
        if (failed > 0)
            return Found.No($"{failed} of {passed + failed} cases failed: {Named(result)}", "fix them and ship again");
        return passed == 0
            ? Found.No(
                $"no case of suite {suite} ran ({skipped} skipped)",
                $"let suites.{suite} of mint.yaml run cases"
            )
            : Found.Yes($"{passed} cases passed, {skipped} skipped ({result.ResultsDigest})");
    }

    /// <summary>A build takes a commit into a checkout of its own: what was not committed is not in it.</summary>
    public static Found Clean(Subject subject)
    {
        var source = subject.Version.Source;
        return IsObjectId(source.Commit) && IsObjectId(source.Tree)
            ? Found.Yes($"built from a checkout of {source.Commit} (tree {source.Tree})")
            : Found.No($"'{source.Commit}' and its tree '{source.Tree}' name no git objects");
    }

    public static Found Stored(Subject subject) =>
        subject.Version.Artifact is { Bytes: > 0 } artifact
        && artifact.Digest.StartsWith("sha256:", StringComparison.Ordinal)
            ? Found.Yes($"{artifact.Digest}, {artifact.Bytes:N0} bytes")
            : Found.No("no artifact was stored", Found.ShipAgain);

    public static Found Signed(Subject subject) =>
        subject.Source?.Signature switch
        {
            null => Found.Missing("a look at its commit's signature"),
            SignatureState.Good => Found.Yes("signed by a key that this home trusts"),
            SignatureState.Unsigned => Found.No("the commit is not signed", "sign it: git commit -S, then ship that"),
            SignatureState.Untrusted => Found.No(
                "signed by a key that this home does not trust",
                "add the key to the home's allowed signers (docs/evidence.md), then ship again"
            ),
            SignatureState.Bad => Found.No("the signature does not fit the commit", "find out who made that commit"),
            _ => Found.No(
                "its signature is of a kind that is not checked here",
                "sign with an SSH key: git config gpg.format ssh"
            ),
        };

    /// <summary>Where it is required a difference ends the build, so what is built was the same twice.</summary>
    public static Found Reproducible(Subject subject) =>
        !subject.Version.Manifest.Build.Reproducible
            ? Found.No("it was built once", "put reproducible: required under build in mint.yaml")
        : subject.Version.Artifact is null ? Found.No("no artifact was stored", Found.ShipAgain)
        : Found.Yes("built twice in different places, with the same bytes");

    public static Found Fresh(Subject subject, decimal seconds, string most)
    {
        if (subject.Version.Artifact?.BuiltAt is not { } at)
            return Found.No("no artifact was stored", Found.ShipAgain);
        // A clock that was set back makes evidence of the future, which is none.
        if (at > subject.Now.AddMinutes(1))
            return Found.No($"it says that it was built at {at:yyyy-MM-dd HH:mm} UTC, which is yet to come");
        return at.AddSeconds((double)seconds) >= subject.Now
            ? Found.Yes($"built at {at:yyyy-MM-dd HH:mm} UTC, within {most}")
            : Found.No($"built at {at:yyyy-MM-dd HH:mm} UTC, longer than {most} ago", Found.ShipAgain);
    }

    private static string Named(SuiteResult result)
    {
        var named = string.Join(", ", result.FailedCases.Take(MostCasesNamed));
        var more = result.Failed - Math.Min(result.FailedCases.Count, MostCasesNamed);
        return more > 0 ? $"{named} and {more} more" : named;
    }

    private static bool IsObjectId(string id) => id.Length is 40 or 64 && id.All(char.IsAsciiHexDigitLower);
}
