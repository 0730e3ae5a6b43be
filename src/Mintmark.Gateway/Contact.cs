using System.Globalization;

namespace Mintmark.Gateway;

/// <summary>
/// When the control plane was last heard of, and a word about it for people when it is gone for long: the gateway
/// serves on as it last knew.
/// </summary>
/// <param name="say">Tells people.</param>
sealed class Contact(Func<InForce> inForce, Action<string> say, TimeProvider time)
{
    /// <summary>A control plane that is there asks several times a second.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookEach = TimeSpan.FromSeconds(5);

    private readonly long began = time.GetTimestamp();
    private long heard = long.MinValue;
    private bool hasSaid;

    /// <summary>Null where it was not heard of since the start.</summary>
    public DateTimeOffset? Heard
    {
        get
        {
            var last = Volatile.Read(ref heard);
            return last == long.MinValue ? null : time.GetUtcNow() - time.GetElapsedTime(last);
        }
    }

    /// <summary>For how long nothing was heard of it, if nothing ever was since the start.</summary>
    public TimeSpan Silence
    {
        get
        {
            var last = Volatile.Read(ref heard);
            return time.GetElapsedTime(last == long.MinValue ? began : last);
        }
    }

    public void Hear() => Volatile.Write(ref heard, time.GetTimestamp());

    /// <summary>Until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(LookEach, time);
        try
        {
            while (await timer.WaitForNextTickAsync(ct))
                Look();
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested) { }
    }

    /// <summary>Says once that it is gone, and once that it is back.</summary>
    public void Look()
    {
        var isGone = Silence >= Long;
        if (isGone == hasSaid)
            return;
        hasSaid = isGone;
        var table = inForce();
        say(
            !isGone ? "the control plane is back"
            : table.Since is { } since
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"nothing was heard of the control plane for {Silence.TotalSeconds:0} s: serving on by the routes "
                        + $"of entry {table.Revision}, in force since {since.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC"
                )
            : "nothing was heard of the control plane, and there are no routes to serve by"
        );
    }
}
