using System.CommandLine;
using Mintmark.Releases;
using Mintmark.Server;

namespace Mintmark.Cli;

/// <summary>What the gate would say, without shipping anything.</summary>
internal static class GateCommand
{
    public static Verb Create(Frame frame)
    {
        var service = Given.Argument<ServiceName>("SERVICE", "Such as bank", ArgumentArity.ExactlyOne);
        var commit = new Option<string?>("--commit")
        {
            Description = "A hash, branch or tag of its repository [default: the newest version that was shipped]",
            HelpName = "COMMIT",
        };
        var gate = new Verb(
            "gate",
            "What the gate would say of a commit now: each control, by what evidence, and what would satisfy it.",
            "mint gate bank",
            "mint gate bank --commit v1.4.0"
        )
        {
            service,
            commit,
        };
        gate.SetAction(
            (given, ct) =>
                RunAsync(frame.Open(given), given.GetRequiredValue(service)!.Value, given.GetValue(commit), ct)
        );
        return gate;
    }

    private static async Task<int> RunAsync(Session session, ServiceName service, string? commit, CancellationToken ct)
    {
        using var api = session.Connect();
        var of = commit is null ? "" : $"&commit={Uri.EscapeDataString(commit)}";
        var answer = await api.GetAsync<GateAnswer>($"/api/gate?service={service}{of}", ct);
        session.Print(answer, GateView.Of);
        return answer.Verdict == GateVerdict.Refused ? Exit.No : Exit.Done;
    }
}
