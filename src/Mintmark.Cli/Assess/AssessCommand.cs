using System.CommandLine;
using Mintmark.Evidence;
using Mintmark.Gate;
using Mintmark.Releases;

namespace Mintmark.Cli;

/// <summary>Reads a repository and what runs around it, changes nothing, and says how far it is.</summary>
internal static class AssessCommand
{
    public static Verb Create(Frame frame)
    {
        var repository = Given.Text("REPO", "A git repository, or a folder in it", ArgumentArity.ExactlyOne);
        var profile = new Option<string?>("--profile")
        {
            Description = "Line of business [default: its mint.yaml's, else consumer-banking]",
            HelpName = "PROFILE",
        };
        profile.AcceptOnlyFromAmong([.. Profiles.All]);
        var assess = new Verb(
            "assess",
            "Which controls of its line of business a repository meets today, and which are one step away. "
                + "Changes nothing, and needs no control plane.",
            "mint assess .",
            "mint assess ~/src/scoring --profile credit-scoring"
        )
        {
            repository,
            profile,
        };
        assess.SetAction(
            async (given, ct) =>
            {
                var session = frame.Open(given);
                var folder = Path.Combine(session.Terminal.Folder, given.GetRequiredValue(repository)!);
                var answer = await OfAsync(folder, given.GetValue(profile), session, ct);
                session.Print(answer, AssessView.Of);
                return Exit.Done;
            }
        );
        return assess;
    }

    internal static async Task<ReadinessAnswer> OfAsync(
        string folder,
        string? profile,
        Session session,
        CancellationToken ct
    )
    {
        var facts = await RepositoryFacts.ReadAsync(folder, ct);
        var now = session.Terminal.Clock.GetUtcNow();
        var line = profile ?? facts.Manifest?.Profile ?? Build.ManifestTemplate.DefaultProfile;
        var policy = new ProfilePlace(session.Home.Profiles).PolicyOf(line, State.Empty, null, now);
        var place = new AdvisoryPlace(session.Home.Advisories, session.Home.Vex);
        var audit = place.Audit(facts.Components, now);
        return new(
            facts.Folder,
            facts.Commit,
            facts.Manifest?.Name,
            line,
            facts.Files.Count,
            Surroundings.Of(facts),
            Assessment.Of(facts, policy, audit?.Open.Count)
        );
    }
}
