using System.CommandLine;
using Microsoft.AspNetCore.Connections;
using Mintmark.Gateway.Telemetry;
using Mintmark.Server;

namespace Mintmark.Cli;

internal static class UpCommand
{
    public static Verb Create(Frame frame)
    {
        var gateway = new Option<string[]>("--gateway")
        {
            Description = "Address of a gateway; may be given for each of several",
            HelpName = "ADDRESS",
            DefaultValueFactory = _ => [Addresses.DefaultGateway],
        };
        var witnesses = new Option<string[]>("--witness")
        {
            Description = "A witness that cosigns the log, as URL=KEY; may be given for each witness",
            HelpName = "URL=KEY",
            DefaultValueFactory = _ => [],
        };
        var log = new Option<string>("--log")
        {
            Description = "Keep the log in PostgreSQL: its address, or a file that holds it (else $MINTMARK_LOG)",
            HelpName = "ADDRESS|FILE",
        };
        var accessLog = new Option<string>("--access-log")
        {
            Description = "Folder of the gateway's access log, or off [default: gateway/access in the home]",
            HelpName = "DIR|off",
        };
        var otlp = new Option<string>("--otlp")
        {
            Description = "Collector that gets the gateway's traces and metrics, or off [default: by the environment]",
            HelpName = "URL|off",
        };
        var doors = new DoorOptions();
        var up = new Verb(
            "up",
            "Start the control plane and the gateway; runs until Ctrl-C or 'mint down'.",
            "mint up",
            "mint up --home /srv/mintmark --api 127.0.0.1:7500 --gateway 127.0.0.1:7580",
            "mint up --log postgres://mint@db.example/mintmark"
        )
        {
            gateway,
            witnesses,
            log,
            accessLog,
            otlp,
            doors.Tls,
            doors.Certificate,
            doors.Key,
            doors.ClientCa,
            doors.ClientCertificates,
            doors.ClientHeader,
            doors.ClientLimits,
            doors.H2c,
        };
        // What was noted is for those who look for it: this one decides where it is, as of the gateways.
        up.WhenHelpIsAsked = () =>
            frame.Api.Description = $"Loopback address to listen on [default: {Addresses.DefaultApi}]";
        var options = new UpOptions(gateway, witnesses, log, accessLog, otlp, doors);
        up.SetAction((given, ct) => RunAsync(frame.Open(given), given, frame, options, ct));
        return up;
    }

    private static async Task<int> RunAsync(
        Session session,
        ParseResult given,
        Frame frame,
        UpOptions option,
        CancellationToken ct
    )
    {
        var gateways = given.GetRequiredValue(option.Gateway).Select(a => Addresses.Parse("--gateway", a)).ToList();
        var api = Addresses.Parse("--api", given.GetValue(frame.Api) ?? Addresses.DefaultApi);
        var addresses = new Addresses(api, gateways[0]) { More = gateways[1..] };
        var log = LogOption.Parse(given.GetValue(option.Log), session);
        var options = new ControlPlaneOptions(
            session.Home,
            addresses,
            log,
            () => session.Terminal.Error.WriteLine($"mint: another control plane leads on {log!.Text}: standing by")
        )
        {
            AccessLog = AccessLog(given.GetValue(option.AccessLog)),
            Doors = option.Doors.Of(given, gateways.Count),
            Otlp = Otlp(given.GetValue(option.Otlp)),
            Witnesses = [.. given.GetRequiredValue(option.Witnesses).Select(WitnessAddress.Parse)],
        };
        try
        {
            await ControlPlane.RunAsync(options, () => session.Print(Started.Of(options), Page), ct);
            return Exit.Done;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return Exit.Done;
        }
        catch (HomeTakenException taken)
        {
            throw new StopException(Exit.Failure, taken.Message, null, taken);
        }
        catch (GatewayException gatewayless)
        {
            throw new StopException(
                Exit.Failure,
                $"the gateway cannot start: {gatewayless.Message}",
                gatewayless.Remedy ?? "name another address with --gateway",
                gatewayless
            );
        }
        catch (IOException taken) when (taken.InnerException is AddressInUseException)
        {
            throw new StopException(
                Exit.Failure,
                $"{addresses.Api} is taken by another program",
                "stop that one, or name another address with --api",
                taken
            );
        }
    }

    private static string? AccessLog(string? given) =>
        given switch
        {
            null or ControlPlaneOptions.NoAccessLog => given,
            "" => throw new FormatException("--access-log: '' is no folder; accepted: a folder, or off"),
            var folder => Path.GetFullPath(folder),
        };

    /// <summary>As the gateway reads it, which would say so too late.</summary>
    private static string? Otlp(string? given)
    {
        TelemetryOptions.Parse(given, _ => null);
        return given;
    }

    private sealed record UpOptions(
        Option<string[]> Gateway,
        Option<string[]> Witnesses,
        Option<string> Log,
        Option<string> AccessLog,
        Option<string> Otlp,
        DoorOptions Doors
    );

    private static Page Page(Started started) =>
        new Page()
            .Line(new Ink("Mintmark is up", Tone.Good))
            .Field("API", started.Api)
            .Field("gateway", string.Join(", ", started.Gateways ?? [started.Gateway]))
            .Field("home", started.Home)
            .Line()
            .Line("In a service's repository:  mint init   then commit, and:  mint ship")
            .Line(
                "Ctrl-C ends the control plane only: the gateway and what it serves go on. 'mint down' ends them all."
            );
}

/// <summary>What 'up --json' prints once the API answers.</summary>
/// <param name="Gateways">All of them, where there are several.</param>
internal sealed record Started(string Api, string Gateway, string Home, IReadOnlyList<string>? Gateways = null)
{
    public static Started Of(ControlPlaneOptions options) =>
        new(
            $"http://{options.Addresses.Api}",
            $"http://{options.Addresses.Gateway}",
            options.Home.Root,
            options.Addresses.More.Count > 0 ? [.. options.Addresses.Gateways.Select(a => $"http://{a}")] : null
        );
}
