using System.Security.Cryptography;
using System.Text;

namespace Mintmark.Gateway.Tls;

/// <summary>
/// Something that is read from files, which are looked at every two seconds, since whoever renews them may do so by
/// writing, renaming or moving a link. What is no good is said to be so, once, and what was there before goes on.
/// </summary>
/// <param name="what">It is, and where it stands, for people.</param>
/// <param name="read">All there is.</param>
/// <param name="load">From all there is and what was there before, with what is wrong with a part of it.</param>
/// <param name="say">Tells people what is wrong.</param>
sealed class Reloaded<T>(
    string what,
    Func<IReadOnlyList<PemFile>> read,
    Func<IReadOnlyList<PemFile>, T?, (T Value, string? Wrong)> load,
    Action<string> say,
    TimeProvider time
)
    where T : class
{
    private static readonly TimeSpan LookEach = TimeSpan.FromSeconds(2);

    private byte[] taken = [];
    private string? flaw;
    private string? said;
    private volatile T? current;

    /// <exception cref="InvalidOperationException">It was never opened.</exception>
    public T Current => current ?? throw new InvalidOperationException($"{what}: not opened yet");

    /// <summary>That it goes by.</summary>
    public TimeProvider Time => time;

    /// <exception cref="CannotStartException">The files are not there, or no good.</exception>
    public void Open()
    {
        Look();
        if (current is null)
            throw new CannotStartException(said!);
    }

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

    /// <summary>Takes what is new in the files, or says what is wrong with it, once.</summary>
    public void Look()
    {
        var before = current;
        var wrong = Take();
        if (wrong is not null && wrong != said && current is not null)
            say($"{what}: {wrong}; {(before is null ? "it is left out" : "what was there before goes on")}");
        said = wrong;
    }

    /// <returns>What is wrong; null where nothing is.</returns>
    private string? Take()
    {
        try
        {
            var files = read();
            var found = Digest(files);
            if (found.AsSpan().SequenceEqual(taken))
                return flaw;
            (current, flaw) = load(files, current);
            taken = found;
            return flaw;
        }
        catch (Exception bad) when (PemFile.IsBad(bad))
        {
            return current is null ? $"{what}: {bad.Message}" : bad.Message;
        }
    }

    private static byte[] Digest(IReadOnlyList<PemFile> files) =>
        SHA256.HashData([
            .. files.SelectMany(f => Hash(f.Path).Concat(SHA256.HashData(f.Bytes)).Concat(Hash(f.Unread ?? ""))),
        ]);

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
