using Mintmark.Server;

namespace Mintmark.Cli;

internal static class StatusCommand
{
    public static Verb Create(Frame frame)
    {
        var status = new Verb("status", "What serves, what is on its way, and what does not work.", "mint status");
        status.SetAction((given, ct) => RunAsync(frame.Open(given), ct));
        return status;
    }

    private static async Task<int> RunAsync(Session session, CancellationToken ct)
    {
        using var api = session.Connect();
        try
        {
            var answer = await api.GetAsync<StatusAnswer>("/api/status", ct);
            session.Print(answer, status => StatusView.Of(status, session.Terminal.Clock.GetUtcNow()));
            return Exit.Done;
        }
        catch (ControlPlaneAwayException)
        {
            var now = session.Terminal.Clock.GetUtcNow();
            foreach (var (name, condition) in await LoneGateways.AskAsync(session.Home, ct))
                await session.Terminal.Error.WriteLineAsync($"mint: {GatewayLines.Alone(name, condition, now)}");
            throw;
        }
    }
}
