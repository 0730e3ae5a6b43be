using System.Net.Sockets;

namespace Mintmark.Gateway;

/// <summary>
/// A connection to an instance that YARP's way reads. .NET's threads that hear of sockets go on with who reads them,
/// so that an instance which always has more would keep one of them from all others, a halt among them.
/// </summary>
sealed class InTurns(Socket socket) : NetworkStream(socket, ownsSocket: true)
{
    private const int MostInARow = 64;

    private int inARow;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var reading = base.ReadAsync(buffer, cancellationToken);
        inARow = reading.IsCompleted ? inARow + 1 : 0;
        if (inARow <= MostInARow)
            return reading;
        inARow = 0;
        return AfterOthersAsync(reading);
    }

    private static async ValueTask<int> AfterOthersAsync(ValueTask<int> reading)
    {
        await Task.Yield();
        return await reading;
    }
}
