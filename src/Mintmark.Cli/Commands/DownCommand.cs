using Mintmark.Server;

namespace Mintmark.Cli;

internal static class DownCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);

    public static Verb Create(Frame frame)
    {
        var down = new Verb(
            "down",
            "Stop all instances and the gateway gracefully, then the control plane.",
            "mint down"
        );
        down.SetAction((given, ct) => RunAsync(frame.Open(given), ct));
        return down;
    }

    private static async Task<int> RunAsync(Session session, CancellationToken ct)
    {
        using var api = session.Connect();
        try
        {
            await api.PostAsync("/api/down", ct);
        }
        catch (ControlPlaneAwayException away)
        {
            throw new StopException(
                Exit.Failure,
                away.Message,
                "a gateway without control plane is stopped by 'mint up', then 'mint down'",
                away
            );
        }
        await StoppedAsync(session, ct);
        if (LoneGateways.Running(session.Home) is { Count: > 0 } deaf)
        {
            var names = string.Join(" and ", deaf.Select(GatewayLines.NameOf));
            throw new StopException(
                Exit.Failure,
                $"{names} did not answer and runs on; all else is down",
                $"its process: pgrep -f 'Mintmark.Gateway --home {session.Home.Root}'"
            );
        }
        session.Print(
            new Stopped(session.Home.Root),
            stopped => new Page().Line($"Mintmark on {stopped.Home} is down: nothing is served until 'mint up'")
        );
        return Exit.Done;
    }

    /// <summary>The control plane holds the lock of its home until everything has stopped.</summary>
    private static async Task StoppedAsync(Session session, CancellationToken ct)
    {
        var clock = session.Terminal.Clock;
        for (var began = clock.GetTimestamp(); IsTaken(session.Home); await Task.Delay(Glance, clock, ct))
        {
            if (clock.GetElapsedTime(began) > Patience)
                throw new StopException(Exit.Failure, $"{session.Home.Root} is still in use", "look at its processes");
        }
    }

    private static bool IsTaken(Home home)
    {
        try
        {
            using var free = new FileStream(
                Path.Combine(home.Root, "lock"),
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite
            );
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}

internal sealed record Stopped(string Home);
