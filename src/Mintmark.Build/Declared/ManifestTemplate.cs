using Mintmark.Releases;

namespace Mintmark.Build;

/// <summary>What <c>mint init</c> writes: a manifest with comments that fits the folder and parses as it is.</summary>
public static class ManifestTemplate
{
    public const string DefaultProfile = "consumer-banking";

    private const string Text = """
        # How Mintmark builds, tests, runs and releases this service. Every key: mint-yaml.md in Mintmark's docs.

        # Lower-case letters, digits and '-'. Versions are marked with it: <name>-1, <name>-2, …
        name: <name>

        # The line of business; it decides which controls a release must pass. One of:
        # <profiles>
        profile: <profile>

        # <comment>
        # Runs in a clean checkout of the commit, in a shell. What it leaves in $OUT is the artifact.
        build:
          run: <build>
          timeout: 10m

        # Each leaves JUnit or TRX results at a path in the checkout. smoke runs first and should be quick.
        suites:
          smoke:
            run: <smoke>
            results: <smoke-results>
            timeout: 2m
          full:
            run: <full>
            results: <full-results>
            timeout: 10m

        # Runs in the unpacked artifact. Must listen on 127.0.0.1:$PORT; $MINTMARK is the version's mark and
        # $MINTMARK_DATA a folder that outlives versions.
        run:
          command: <run>
          memory: 512M
          files: 1024

        # Answers 200 when the instance can take requests.
        health:
          path: /health
          within: 30s

        # Answers whether the business invariants hold, such as "postings sum to zero".
        # invariants: /invariants

        # What the service may report of an answer in the header Mint-Signal, judged as errors are.
        # signals: [declined]

        # Files of the repository that are part of the version: they travel and roll back with the code.
        # configuration: [config/<name>.json]

        # How traffic moves to a new version. Left out, the profile decides; this is what it says for <profile>.
        rollout:
        <rollout>

        """;

    /// <param name="profile">One of <see cref="Profiles.All"/>, or null for <see cref="DefaultProfile"/>.</param>
    /// <exception cref="ArgumentException">There is no such profile.</exception>
    public static string For(string directory, string? profile)
    {
        var chosen = profile ?? DefaultProfile;
        if (!Profiles.All.Contains(chosen))
        {
            throw new ArgumentException(
                $"there is no profile '{chosen}'; accepted: {string.Join(", ", Profiles.All)}",
                nameof(profile)
            );
        }
        var found = Ecosystem.Detect(directory);
        var replaced = new Dictionary<string, string>
        {
            ["name"] = NameOf(directory),
            ["profile"] = chosen,
            ["profiles"] = string.Join(", ", Profiles.All),
            ["comment"] = found.Comment,
            ["build"] = found.Build,
            ["smoke"] = found.Smoke,
            ["smoke-results"] = found.Results("smoke"),
            ["full"] = found.Full,
            ["full-results"] = found.Results("full"),
            ["run"] = found.Run,
            ["rollout"] = Rollout(RolloutDefaults.Of(chosen)),
        };
        return replaced.Aggregate(Text, (text, r) => text.Replace($"<{r.Key}>", r.Value, StringComparison.Ordinal));
    }

    private static string Rollout(RolloutPlan plan)
    {
        var steps = plan.Steps.Select(s =>
            $"    - {{ share: {Quantity.Percent(s.Share.BasisPoints)}, requests: {s.Requests} }}"
        );
        return $"""
              # Shares of traffic for the new version, and after how many requests without alarm it may go up.
              steps:
            {string.Join('\n', steps)}
              # The probability of taking back a version that is no worse, over a whole release.
              false-rollback: {plan.FalseRollback}
              # How many times the errors of the old version a new one may show and still go up.
              tolerated-ratio: {plan.ToleratedRatio}
              # How much longer than those of the old version its answers may take, whatever the ratio says.
              tolerated-delay: {plan.ToleratedDelayMilliseconds}ms
              # How long it takes until they are as quick as they will be. The first step lasts twice that at least.
              warm-up: {Quantity.Duration(plan.WarmUpSeconds!.Value)}
              # How long the old version is kept warm after promotion.
              guard: {Quantity.Duration(plan.GuardSeconds)}
              # What stays on the old version until then, so that the two can still be compared.
              holdback: {Quantity.Percent(plan.Holdback!.Value.BasisPoints)}
              # What becomes of a step that has lacked evidence for as long as patience says: wait, ask a person
              # or probe it with requests of our own.
              without-evidence: {plan.WithoutEvidence.ToString().ToLowerInvariant()}
              patience: {Quantity.Duration(plan.PatienceSeconds!.Value)}
            """;
    }

    private static string NameOf(string directory)
    {
        var folder = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory)));
        var letters = folder.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-').SkipWhile(NoLetter);
        var name = string.Concat(letters.Take(40)).TrimEnd('-');
        return ServiceName.TryParse(name, null, out _) ? name : "service";
    }

    private static bool NoLetter(char c) => !char.IsAsciiLetter(c);
}
