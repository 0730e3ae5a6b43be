using System.Text;
using Mintmark.Build;
using Xunit;

namespace Mintmark.Tests.Build;

public sealed class WhenAManifestIsWrong
{
    private const string Probing = "without-evidence: probe\n  probes: ";
    private const string Two = "{path: /a},{path: /b}";
    private const string Eleven = $"[{Two},{Two},{Two},{Two},{Two},{{path: /c}}]";

    [Theory]
    [InlineData("name: bank", "name: Bank", "mint.yaml:1:7: name: found 'Bank'; accepted: 1 to 40 characters")]
    [InlineData("name: bank", "name: 17", "mint.yaml:1:7: name: found the number 17; accepted: 1 to 40")]
    [InlineData("name: bank", "name:", "mint.yaml:1:6: name: found nothing; accepted: 1 to 40")]
    [InlineData("name: bank", "name: [bank]", "mint.yaml:1:7: name: found a list; accepted: 1 to 40")]
    [InlineData("consumer-banking", "consumer-bank", "2:10: profile: found 'consumer-bank'; did you mean consumer-")]
    [InlineData("timeout: 20m", "timeuot: 20m", "3:28: build.timeuot: unknown key 'timeuot'; did you mean timeout?")]
    [InlineData("timeout: 20m", "zone: 20m", "build.zone: unknown key 'zone'; accepted: run, timeout")]
    [InlineData("timeout: 20m", "timeout: 20", "found the number 20; accepted: a time from 1s to 1d in whole s, m")]
    [InlineData("timeout: 20m", "timeout: 0s", "build.timeout: found '0s'")]
    [InlineData("timeout: 20m", "timeout: 99999999999999999999d", "build.timeout: found")]
    [InlineData("make \"$OUT\"", "~", "build.run: found nothing; accepted: a shell command")]
    [InlineData("make \"$OUT\"", "true", "build.run: found the truth value true; accepted: a shell command")]
    [InlineData("memory: 1G", "memory: 1k", "run.memory: found '1k'; accepted: a size from 16M to 1T")]
    [InlineData("files: 2048", "files: '2048'", "run.files: found the text '2048'; accepted: a whole number from 64")]
    [InlineData("files: 2048", "files: 2048, files: 64", "run.files: given twice; accepted: each key once")]
    [InlineData("path: /health", "path: health", "health.path: found 'health'; accepted: the path of an address")]
    [InlineData("path: /health", "path: //other.host/health", "health.path: found '//other.host/health'")]
    [InlineData("limits.txt", "../limits.txt", "configuration[1]: found '../limits.txt'; accepted: a file of the repo")]
    [InlineData("limits.txt", "/etc/passwd", "10:35: configuration[1]: found '/etc/passwd'")]
    [InlineData("limits.txt", "a/./b", "configuration[1]: found 'a/./b'")]
    [InlineData("limits.txt", "a\\b", "configuration[1]: found 'a\\b'")]
    [InlineData("limits.txt", "\"a\\0b\"", "configuration[1]: found the text 'a b'")]
    [InlineData("limits.txt", ".git/config", "configuration[1]: found '.git/config'")]
    [InlineData("limits.txt", "config/bank.json", "'config/bank.json' is listed twice")]
    [InlineData("smoke.xml", "../../smoke.xml", "suites.smoke.results: found 'test-results/../../smoke.xml'")]
    [InlineData("share: 50%", "share: 0.5%", "steps[1].share: found 0.5% after 0.5%; accepted: shares that rise")]
    [InlineData("share: 50%", "share: 100%", "steps[1].share: found '100%'; accepted: a share of traffic")]
    [InlineData("share: 50%", "share: 0.005%", "steps[1].share: found '0.005%'")]
    [InlineData("share: 50%, ", "", "rollout.steps[1].share: missing; accepted: a share of traffic from")]
    [InlineData("requests: 100 ", "requests: 0 ", "steps[0].requests: found the number 0")]
    [InlineData("false-rollback: 0.001", "false-rollback: 0", "rollout.false-rollback: found the number 0")]
    [InlineData("tolerated-ratio: 1.5", "tolerated-ratio: 1", "rollout.tolerated-ratio: found the number 1")]
    [InlineData("guard: 1d", "tolerated-delay: 5", "rollout.tolerated-delay: found the number 5; accepted: a time")]
    [InlineData("guard: 1d", "tolerated-delay: 2m", "rollout.tolerated-delay: found '2m'; accepted: a time")]
    [InlineData(
        "requests: 100 ",
        "requests: 100, value: 1 ",
        "steps[0].value: found the number 1; accepted: an amount of"
    )]
    [InlineData("requests: 100 ", "requests: 100, value: 0 EUR ", "steps[0].value: found '0 EUR'; accepted: an amount")]
    [InlineData("requests: 100 ", "requests: 100, value: -1 EUR ", "steps[0].value: found '-1 EUR'")]
    [InlineData("requests: 100 ", "requests: 100, value: 1 eur ", "steps[0].value: found '1 eur'")]
    [InlineData("requests: 100 ", "requests: 100, value: 1e9 EUR ", "steps[0].value: found '1e9 EUR'")]
    [InlineData(
        "guard: 1d",
        "assignment: requets",
        "rollout.assignment: found 'requets'; did you mean request? accepted"
    )]
    [InlineData(
        "name: bank",
        "name: bank\nsignals: declined",
        "2:10: signals: found 'declined'; accepted: a list of at"
    )]
    [InlineData("name: bank", "name: bank\nsignals: [a, a]", "2:14: signals[1]: 'a' is listed twice")]
    [InlineData("name: bank", "name: bank\nsignals: [A]", "2:11: signals[0]: found 'A'; accepted: a name of 1 to 40")]
    [InlineData(
        "name: bank",
        "name: bank\nsignals: [a,b,c,d,e,f,g,h,i,j,k]",
        "signals: found 11; accepted: a list of at"
    )]
    [InlineData("guard: 1d", "warm-up: 11m", "rollout.warm-up: found '11m'; accepted: a time from 0s to 10m")]
    [InlineData("guard: 1d", "guard: 8d", "rollout.guard: found '8d'; accepted: a time from 0s to 7d")]
    [InlineData("guard: 1d", "holdback: 51%", "rollout.holdback: found '51%'; accepted: a share of traffic from 0%")]
    [InlineData("guard: 1d", "patience: 0s", "rollout.patience: found '0s'; accepted: a time from 1s to 7d")]
    [InlineData("guard: 1d", "without-evidence: asks", "found 'asks'; did you mean ask? accepted: one of wait, ask")]
    [InlineData(
        "guard: 1d",
        "without-evidence: probe",
        "15:21: rollout.without-evidence: found probe, and no rollout."
    )]
    [InlineData("guard: 1d", "probes: [{ path: /a }]", "15:11: rollout.probes: nobody sends them; accepted: with")]
    [InlineData("guard: 1d", Probing + "[]", "16:11: rollout.probes: found no probe; accepted: a list of 1 to 10")]
    [InlineData("guard: 1d", Probing + "/demo", "16:11: rollout.probes: found '/demo'; accepted: a list of 1 to 10")]
    [InlineData("guard: 1d", Probing + "[/demo]", "16:12: rollout.probes[0]: found '/demo'; accepted: a mapping with")]
    [InlineData(
        "guard: 1d",
        Probing + "[{ expect: 200 }]",
        "16:12: rollout.probes[0].path: missing; accepted: the path"
    )]
    [InlineData("guard: 1d", Probing + "[{ path: //b/c }]", "16:20: rollout.probes[0].path: found '//b/c'; accepted")]
    [InlineData("guard: 1d", Probing + "[{ path: /a b }]", "rollout.probes[0].path: found '/a b'; accepted: the path")]
    [InlineData(
        "guard: 1d",
        Probing + "[{ path: /a, expect: 99 }]",
        "16:32: rollout.probes[0].expect: found the number"
    )]
    [InlineData("guard: 1d", Probing + "[{ path: /a, expect: 600 }]", "accepted: a whole number from 200 to 599")]
    [InlineData("guard: 1d", Probing + "[{ path: /a, method: PUT }]", "unknown key 'method'; accepted: path, expect")]
    [InlineData("guard: 1d", Probing + Eleven, "rollout.probes: found 11; accepted: a list of 1 to 10 probes")]
    [InlineData(
        "guard: 1d",
        "shadow: 5%",
        "15:11: rollout.shadow: found '5%'; accepted: a mapping with share, requests,"
    )]
    [InlineData("guard: 1d", "shadow: { share: 101% }", "rollout.shadow.share: found '101%'; accepted: a share of req")]
    [InlineData("guard: 1d", "shadow: { share: 0% }", "15:20: rollout.shadow.share: found '0%'; accepted: a share of")]
    [InlineData("guard: 1d", "shadow: { requests: 0 }", "rollout.shadow.requests: found the number 0; accepted: a who")]
    [InlineData("guard: 1d", "shadow: { within: 8d }", "rollout.shadow.within: found '8d'; accepted: a time from 1s")]
    [InlineData(
        "guard: 1d",
        "shadow: { methods: GET }",
        "15:22: rollout.shadow.methods: found 'GET'; accepted: a list"
    )]
    [InlineData(
        "guard: 1d",
        "shadow: { methods: [] }",
        "rollout.shadow.methods: found none; accepted: a list of 1 to 10"
    )]
    [InlineData(
        "guard: 1d",
        "shadow: { methods: [get] }",
        "rollout.shadow.methods[0]: found 'get'; accepted: a method"
    )]
    [InlineData("guard: 1d", "shadow: { paths: [a] }", "15:21: rollout.shadow.paths[0]: found 'a'; accepted: the path")]
    [InlineData("guard: 1d", "shadow: { paths: ['/a?b'] }", "rollout.shadow.paths[0]: found the text '/a?b'; accepted")]
    [InlineData("guard: 1d", "shadow: { path: [/a] }", "rollout.shadow.path: unknown key 'path'; did you mean paths?")]
    [InlineData("health:", "timeouts: 5s\nhealth:", "timeouts: found '5s'; accepted: a mapping with connect, headers,")]
    [InlineData(
        "health:",
        "timeouts: { idle: 5 }\nhealth:",
        "timeouts.idle: found the number 5; accepted: a time from"
    )]
    [InlineData(
        "health:",
        "timeouts: { idle: 99ms }\nhealth:",
        "accepted: a time from 100ms to 1h in whole ms, s, m or"
    )]
    [InlineData("health:", "timeouts: { connect: 2m }\nhealth:", "timeouts.connect: found '2m'; accepted: a time from")]
    [InlineData(
        "health:",
        "timeouts: { total: 0s }\nhealth:",
        "timeouts.total: found '0s'; accepted: a time from 100ms"
    )]
    [InlineData("health:", "timeouts: { header: 1s }\nhealth:", "unknown key 'header'; did you mean headers?")]
    [InlineData(
        "health:",
        "halt: { in-flight: kill }\nhealth:",
        "halt.in-flight: found 'kill'; accepted: drain or cut"
    )]
    [InlineData("guard: 1d", "guard: &a 1d", "anchors (&name) are not accepted")]
    [InlineData("guard: 1d", "guard: *a", "aliases (*name) are not accepted")]
    [InlineData("guard: 1d", "guard: !!str 1d", "tags (!name) are not accepted")]
    [InlineData("guard: 1d", "guard: [[[[[[[[[[1d]]]]]]]]]]", "nested more than")]
    [InlineData("guard: 1d", "guard: 1d\n---\nname: other", "the start of a second one")]
    [InlineData("guard: 1d", "guard: 1\0d", "15:11: the character U+0000 is not accepted")]
    [InlineData("guard: 1d", "guard: \"1d", "this is no YAML")]
    public void TheProblemHasItsPlaceKeyFindingAndWhatIsAccepted(string good, string bad, string said) =>
        Assert.Contains(
            said,
            ManifestText.Problem(ManifestText.Good.Replace(good, bad, StringComparison.Ordinal)),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("", "mint.yaml: found nothing; accepted: a mapping")]
    [InlineData("# nothing yet", "mint.yaml: found nothing")]
    [InlineData("- a", "mint.yaml: found a list")]
    [InlineData("bank", "mint.yaml: found 'bank'")]
    [InlineData("? [a]\n: b", "mint.yaml:1:3: a key is a word, not a list")]
    public void AFileThatIsNoMappingIsRefused(string yaml, string said) =>
        Assert.StartsWith(said, ManifestText.Problem(yaml), StringComparison.Ordinal);

    [Fact]
    public void AllProblemsComeAtOnceInTheOrderOfTheFile()
    {
        var problems = ManifestText.Problems("name: Bank\nprofile: bank\nbuild: make\nhealth: { path: 1, wihin: 1s }");

        Assert.Equal(
            ["suites", "run", "name", "profile", "build", "health.path", "health.wihin"],
            problems.Select(p => p.Key)
        );
    }

    [Fact]
    public void AFileTooLargeIsRefusedUnread() =>
        Assert.Equal(
            "mint.yaml: larger than 65536 bytes",
            ManifestText.Problem(ManifestText.Good + "\n#" + new string('x', ManifestFile.LargestBytes))
        );

    [Fact]
    public void FilesThatTheCommitDoesNotHaveAreNamedWithTheirPlace()
    {
        var wrong = Assert.Throws<ManifestException>(() =>
            ManifestFile.Parse(ManifestText.Good, "mint.yaml", path => path == "limits.txt")
        );

        Assert.Equal(
            "mint.yaml:10:17: configuration[0]: the commit has no file 'config/bank.json'; "
                + "accepted: files that are committed",
            Assert.Single(wrong.Problems).ToString()
        );
    }

    [Fact]
    public void ABombOfBracketsIsRefusedAtOnce()
    {
        var bomb = new StringBuilder("name: ").Append('[', 60_000).ToString();

        Assert.Contains("nested more than", ManifestText.Problem(bomb), StringComparison.Ordinal);
    }
}
