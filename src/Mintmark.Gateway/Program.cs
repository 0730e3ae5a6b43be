using System.Runtime.InteropServices;
using Mintmark.Gateway;
using Mintmark.Route;

// The thread that hears of a socket's readiness reads it and goes on: a third less processor time for each request than
// with a hand-over to the thread pool. .NET reads this when the first socket is made, and has no other switch for it.
const string inline = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";
if (Environment.GetEnvironmentVariable(inline) is null)
    Environment.SetEnvironmentVariable(inline, "1");

// They take descriptors of their own, and there may be none left when there is something to say.
(_, _) = (Console.Out, Console.Error);
Libraries.Load();

using var stop = new CancellationTokenSource();
using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);

GatewayOptions options;
try
{
    options = GatewayOptions.Parse(args, Environment.GetEnvironmentVariable);
}
catch (FormatException wrong)
{
    Notice.Say(wrong.Message);
    return GatewayExit.Misused;
}
return await GatewayHost.RunAsync(options, stop.Token);

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
