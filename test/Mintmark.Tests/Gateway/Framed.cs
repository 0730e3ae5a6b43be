using Microsoft.AspNetCore.Connections;

namespace Mintmark.Tests.Gateway;

/// <summary>
/// An instance of HTTP/2 that says exactly what it is told to: the n-th request gets the n-th answer, the last one
/// again and again.
/// </summary>
/// <param name="atOnce">It says it when it has a request's head, and else when it has all of it.</param>
sealed class Framed(bool atOnce, params Framed.Answer[] answers)
{
    int begun;
    int whole;

    /// <summary>How many requests have come, on whatever connection.</summary>
    public int Begun => Volatile.Read(ref begun);

    /// <summary>How many of them had come to their end when it answered.</summary>
    public int Whole => Volatile.Read(ref whole);

    public Task<Instance> StartAsync() => Instance.TalkingAsync(TalkAsync);

    async Task TalkAsync(ConnectionContext connection)
    {
        var (input, output) = (connection.Transport.Input.AsStream(), connection.Transport.Output);
        await input.ReadExactlyAsync(new byte[RawFrames.Preface.Length]);
        await output.WriteAsync(RawFrames.Frame(RawFrames.Settings, 0, 0));
        while (await RawFrames.ReadAsync(input) is { } frame)
        {
            var isHead = frame.Type == RawFrames.Headers;
            var isEnd = (isHead || frame.Type == RawFrames.Data) && (frame.Flags & RawFrames.EndStream) != 0;
            if (isHead)
                Interlocked.Increment(ref begun);
            if (isEnd)
                Interlocked.Increment(ref whole);
            if (atOnce ? !isHead : !isEnd)
                continue;
            var answer = answers[Math.Min(begun, answers.Length) - 1];
            await output.WriteAsync(answer.Frames(frame.Stream));
            if (answer.Ends)
                return;
        }
    }

    /// <param name="Frames">On the stream of the request.</param>
    /// <param name="Ends">And then the connection.</param>
    public sealed record Answer(Func<int, byte[]> Frames, bool Ends = false);
}
