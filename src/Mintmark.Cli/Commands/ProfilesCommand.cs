using System.CommandLine;
using Mintmark.Gate;
using Mintmark.Releases;

namespace Mintmark.Cli;

/// <summary>The lines of business, as they are shipped and as the home's team has them. Asks nobody.</summary>
internal static class ProfilesCommand
{
    public static Verb Create(Frame frame)
    {
        var name = Given.Text("NAME", "A line of business, such as consumer-banking", ArgumentArity.ZeroOrOne);
        var profiles = new Verb(
            "profiles",
            "Lines of business and what each is held to, with what the home's team laid over it.",
            "mint profiles",
            "mint profiles consumer-banking"
        )
        {
            name,
        };
        profiles.SetAction(given =>
        {
            var session = frame.Open(given);
            var now = session.Terminal.Clock.GetUtcNow();
            if (given.GetValue(name) is { } one)
                session.Print(Of(session, Known(one), now), ProfileView.Of);
            else
                session.Print(
                    Profiles.All.Select(p => Of(session, p, now)).ToList(),
                    all => ProfileView.Of((IReadOnlyList<ProfileAnswer>)all)
                );
            return Exit.Done;
        });
        return profiles;
    }

    /// <exception cref="StopException">There is no such profile.</exception>
    public static string Known(string profile) =>
        Profiles.All.Contains(profile)
            ? profile
            : throw new StopException(
                Exit.BadInput,
                $"there is no profile '{profile}'; accepted: {string.Join(", ", Profiles.All)}"
            );

    private static ProfileAnswer Of(Session session, string name, DateTimeOffset now)
    {
        var place = new ProfilePlace(session.Home.Profiles);
        return ProfileAnswer.Of(Profile.Shipped[name], place.OverlayOf(Profile.Shipped[name]), now);
    }
}
