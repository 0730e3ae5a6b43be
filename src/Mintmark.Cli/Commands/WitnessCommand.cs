using System.CommandLine;
using Microsoft.AspNetCore.Connections;
using Mintmark.Log;
using Mintmark.Server;

namespace Mintmark.Cli;

/// <summary>A witness for logs of others, on a machine or at least in a folder of its own.</summary>
internal static class WitnessCommand
{
    private const string DefaultAddress = "127.0.0.1:7490";

    public static Verb Create(Frame frame)
    {
        var folder = new Option<string>("--folder")
        {
            Description = "Where it keeps its key and what it saw",
            HelpName = "DIR",
            Required = true,
        };
        var name = new Option<string>("--name")
        {
            Description = "Name in its cosignatures, like a URL without scheme",
            HelpName = "NAME",
            Required = true,
        };
        var logs = new Option<string[]>("--log")
        {
            Description = "File with the public key of a log that it watches; may be given for each log",
            HelpName = "FILE",
            Required = true,
        };
        var listen = new Option<string>("--listen")
        {
            Description = "Where logs ask it for cosignatures; only loopback",
            HelpName = "ADDRESS",
            DefaultValueFactory = _ => DefaultAddress,
        };
        var witness = new Verb(
            "witness",
            "Cosign checkpoints of logs, and refuse a log that tells two stories.",
            "mint witness --folder /srv/witness --name witness.example.org --log key-of-the-log"
        )
        {
            folder,
            name,
            logs,
            listen,
        };
        witness.SetAction(
            async (given, ct) =>
            {
                var session = frame.Open(given);
                var home = Path.GetFullPath(Path.Combine(session.Terminal.Folder, given.GetRequiredValue(folder)));
                var key = WitnessKey.LoadOrCreate(Path.Combine(home, "key.pem"), given.GetRequiredValue(name));
                var watched = given
                    .GetRequiredValue(logs)
                    .Select(file => LogKeys.Read(Path.Combine(session.Terminal.Folder, file), "--log"));
                using var running = new Witness(home, key, watched, session.Terminal.Clock);
                return await RunAsync(session, running, given.GetRequiredValue(listen), ct);
            }
        );
        return witness;
    }

    private static async Task<int> RunAsync(Session session, Witness witness, string listen, CancellationToken ct)
    {
        var address = Addresses.Parse("--listen", listen);
        try
        {
            await WitnessHost.RunAsync(
                witness,
                address,
                url => session.Print(new Witnessing($"{url}".TrimEnd('/'), witness.VerifierText), Page),
                ct
            );
            return Exit.Done;
        }
        catch (IOException taken) when (taken.InnerException is AddressInUseException)
        {
            throw new StopException(
                Exit.Failure,
                $"{address} is taken by another program",
                "name another address with --listen",
                taken
            );
        }
    }

    private static Page Page(Witnessing witnessing) =>
        new Page()
            .Line(new Ink("the witness is up", Tone.Good))
            .Field("address", witnessing.Address)
            .Field("key", witnessing.Key)
            .Line()
            .Line($"The log's control plane asks it with:  mint up --witness {witnessing.Address}={witnessing.Key}");
}

/// <summary>What 'witness --json' prints once it answers.</summary>
internal sealed record Witnessing(string Address, string Key);
