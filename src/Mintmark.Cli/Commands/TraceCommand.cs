using System.CommandLine;
using Mintmark.Server;

namespace Mintmark.Cli;

internal static class TraceCommand
{
    public static Verb Create(Frame frame)
    {
        var thing = Given.Text(
            "THING",
            "A mark (bank-17), a commit (7 digits or more), an address (127.0.0.1:20001), an instance (i-40) or a "
                + "request id (the Mint-Request header of an answer)",
            ArgumentArity.ExactlyOne
        );
        var trace = new Verb(
            "trace",
            "Where a version came from, who shipped it and why, how it was judged, where it runs and ran.",
            "mint trace bank-17",
            "mint trace 1f0c2d4",
            "mint trace 127.0.0.1:20001"
        )
        {
            thing,
        };
        trace.SetAction((given, ct) => RunAsync(frame.Open(given), given.GetRequiredValue(thing)!, ct));
        return trace;
    }

    private static async Task<int> RunAsync(Session session, string thing, CancellationToken ct)
    {
        using var api = session.Connect();
        var answer = await api.GetAsync<TraceAnswer>($"/api/trace?of={Uri.EscapeDataString(thing)}", ct);
        session.Print(answer, trace => TraceView.Of(trace, session.Terminal.Clock.GetUtcNow()));
        return Exit.Done;
    }
}
