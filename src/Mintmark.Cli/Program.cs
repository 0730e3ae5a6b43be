using System.Runtime.InteropServices;
using Mintmark.Cli;

var terminated = false;
using var interrupted = new CancellationTokenSource();
using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
var exit = await CommandLine.RunAsync(args, Terminal.OfProcess(), interrupted.Token);
return Volatile.Read(ref terminated) && exit is (Exit.Done or Exit.Interrupted) ? Exit.Terminated : exit;

void Interrupt(PosixSignalContext context)
{
    if (context.Signal == PosixSignal.SIGTERM)
        Volatile.Write(ref terminated, true);
    // The second signal ends the process at once.
    context.Cancel = !interrupted.IsCancellationRequested;
    interrupted.Cancel();
}
