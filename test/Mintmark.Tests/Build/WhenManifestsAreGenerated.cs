using FsCheck;
using FsCheck.Fluent;
using Mintmark.Build;
using Mintmark.Releases;
using Xunit;

namespace Mintmark.Tests.Build;

public sealed class WhenManifestsAreGenerated
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(300);

    private static readonly string[] Nasty =
    [
        "\0",
        "\"\\0\"",
        "\\",
        "\t",
        "&a ",
        "*a",
        "!!int ",
        "{",
        "}",
        "[",
        "]",
        "\"",
        "'",
        "|\n",
        "? ",
        "- ",
        "---\n",
        "...\n",
        "%YAML 9.9\n",
        "<<: ",
        "\ufeff",
        "\ud800",
        "\r",
        "\u2028",
        "\\x",
        ": ",
        "#",
        "0x",
        ".inf",
        "999999999999999999999999",
    ];

    [Fact]
    public void WhatIsWrittenIsReadBack() =>
        Check.One(
            Thorough,
            Prop.ForAll(ManifestGen.Any.ToArbitrary(), m => Same(m, ManifestText.Parse(ManifestGen.Yaml(m))))
        );

    [Fact]
    public void WhateverIsDoneToOneItIsReadOrRefusedButNeverAnythingElse() =>
        Check.One(Thorough.WithMaxTest(1000), Prop.ForAll(Mutated().ToArbitrary(), ReadOrRefused));

    [Fact]
    public void WhateverTextComesItIsReadOrRefusedButNeverAnythingElse() =>
        Check.One(
            Thorough,
            Prop.ForAll(ArbMap.Default.GeneratorFor<string>().Where(s => s is not null).ToArbitrary(), ReadOrRefused)
        );

    private static Gen<string> Mutated() =>
        from manifest in ManifestGen.Any
        from edits in AnEdit().NonEmptyListOf()
        select edits.Take(8).Aggregate(ManifestGen.Yaml(manifest), Edit);

    private static Gen<(int Permille, int Removed, string Inserted)> AnEdit() =>
        from permille in Gen.Choose(0, 1000)
        from removed in Gen.Choose(0, 6)
        from inserted in Gen.Elements(Nasty)
        select (permille, removed, inserted);

    private static string Edit(string text, (int Permille, int Removed, string Inserted) edit)
    {
        var at = text.Length * edit.Permille / 1000;
        return text.Remove(at, Math.Min(edit.Removed, text.Length - at)).Insert(at, edit.Inserted);
    }

    private static bool ReadOrRefused(string yaml)
    {
        try
        {
            ManifestText.Parse(yaml);
            return true;
        }
        catch (ManifestException refused)
        {
            return refused.Problems.Count > 0 && refused.Problems.All(p => p.Message.Length > 0);
        }
    }

    private static bool Same(Manifest a, Manifest b) =>
        a.Configuration.SequenceEqual(b.Configuration)
        && a.Rollout.Steps.SequenceEqual(b.Rollout.Steps)
        && a.Signals!.SequenceEqual(b.Signals!)
        && (a.Requirements?.Trailers ?? []).SequenceEqual(b.Requirements?.Trailers ?? [])
        && (a.Rollout.Probes ?? []).SequenceEqual(b.Rollout.Probes ?? [])
        && (a.Rollout.Shadow?.Methods ?? []).SequenceEqual(b.Rollout.Shadow?.Methods ?? [])
        && (a.Rollout.Shadow?.Paths ?? []).SequenceEqual(b.Rollout.Shadow?.Paths ?? [])
        && (a.Hosts ?? []).SequenceEqual(b.Hosts ?? [])
        && (a.Surge?.Priorities ?? []).SequenceEqual(b.Surge?.Priorities ?? [])
        && Plain(a) == Plain(b);

    private static Manifest Plain(Manifest m) =>
        m with
        {
            Configuration = Array.Empty<string>(),
            Signals = null,
            Hosts = null,
            Surge = m.Surge is { } surge ? surge with { Priorities = null } : null,
            Requirements = m.Requirements is { } required ? required with { Trailers = [] } : null,
            Rollout = m.Rollout with
            {
                Steps = Array.Empty<StepPlan>(),
                Probes = null,
                Shadow = m.Rollout.Shadow is { } shadow
                    ? shadow with
                    {
                        Methods = Array.Empty<string>(),
                        Paths = null,
                    }
                    : null,
            },
        };
}
