using System.CommandLine;
using Mintmark.Releases;
using Mintmark.Server;

namespace Mintmark.Cli;

internal static class ReleasesCommand
{
    private const int DefaultLimit = 20;

    public static Verb Create(Frame frame)
    {
        var service = Given.Argument<ServiceName>("SERVICE", "Only of this service", ArgumentArity.ZeroOrOne);
        var limit = new Option<int>("--limit")
        {
            Description = "How many at most",
            HelpName = "N",
            DefaultValueFactory = _ => DefaultLimit,
        };
        limit.Validators.Add(given =>
        {
            if (given.Tokens.Count == 1 && !(int.TryParse(given.Tokens[0].Value, out var n) && n is > 0 and <= 1000))
                given.AddError($"--limit is 1 to 1000, not '{given.Tokens[0].Value}'");
        });
        var releases = new Verb("releases", "List releases, newest first.", "mint releases", "mint releases bank")
        {
            service,
            limit,
        };
        releases.SetAction(
            (given, ct) => RunAsync(frame.Open(given), given.GetValue(service), given.GetValue(limit), ct)
        );
        return releases;
    }

    private static async Task<int> RunAsync(Session session, ServiceName? service, int limit, CancellationToken ct)
    {
        using var api = session.Connect();
        var path = $"/api/releases?limit={limit}" + (service is { } name ? $"&service={name}" : "");
        var answer = await api.GetAsync<IReadOnlyList<ReleaseAnswer>>(path, ct);
        session.Print(answer, releases => ReleasesView.Of(releases, service, session.Terminal.Clock.GetUtcNow()));
        return Exit.Done;
    }
}
