using System.CommandLine;
using Mintmark.Server;

namespace Mintmark.Cli;

internal static class GatewayCommands
{
    public static Verb Create(Frame frame) =>
        new Verb("gateway", "See to the processes that serve.", "mint gateway replace") { Replace(frame) };

    private static Verb Replace(Frame frame)
    {
        var only = new Option<string?>("--gateway")
        {
            Description = "Address of one of them [default: all, one after the other]",
            HelpName = "ADDRESS",
        };
        var replace = new Verb(
            "replace",
            "Have another process take the place of each gateway; no request is lost.",
            "mint gateway replace",
            "mint gateway replace --gateway 127.0.0.1:7480"
        )
        {
            only,
        };
        replace.SetAction((given, ct) => RunAsync(frame.Open(given), given.GetValue(only), ct));
        return replace;
    }

    private static async Task<int> RunAsync(Session session, string? only, CancellationToken ct)
    {
        using var api = session.Connect();
        var replaced = await api.PostAsync<ReplaceRequest, Replaced>("/api/gateway/replace", new(only), ct);
        session.Print(replaced, Page);
        return Exit.Done;
    }

    private static Page Page(Replaced replaced)
    {
        var page = new Page();
        foreach (var gateway in replaced.Gateways)
        {
            page.Line(
                new Ink($"gateway {gateway.Address} is replaced", Tone.Strong),
                $": {gateway.Run} serves, the one before answers what it has and ends"
            );
        }
        return page;
    }
}
