using System.Runtime.InteropServices;
using Mintmark.Gateway;

using var stop = new CancellationTokenSource();
using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);

GatewayOptions options;
try
{
    options = GatewayOptions.Parse(args);
}
catch (FormatException wrong)
{
    await Console.Error.WriteLineAsync($"gateway: {wrong.Message}");
    return 2;
}
return await GatewayHost.RunAsync(options, stop.Token);

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
