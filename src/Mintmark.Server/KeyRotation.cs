using Microsoft.AspNetCore.Http;
using Mintmark.Journal;
using Mintmark.Log;

namespace Mintmark.Server;

/// <summary>
/// Gives the log another key. Killed before the log has the entry, the old key signs on; killed after it, the next
/// start finds the new one.
/// </summary>
internal sealed class KeyRotation(ReleaseJournal journal, ControlPlaneOptions options, Troubles troubles) : IDisposable
{
    private const int LongestReason = 1000;

    private const string ForStandbys =
        "copy log/key.pem of this home into log/ of each standby now: it leads only with the key that signs";

    private readonly SemaphoreSlim one = new(1);

    public async Task<KeyRotated> RunAsync(RotateKeyRequest request, Caller caller, CancellationToken ct)
    {
        if (request.Reason.Trim().Length is 0 or > LongestReason)
            throw new BadHttpRequestException($"reason: 1 to {LongestReason} characters");
        caller.RequireHome("another key of the log");
        var by = caller.As(request.By, journal.State);
        await one.WaitAsync(ct);
        try
        {
            // What the latest checkpoint is nobody knows then, nor which key may be forgotten.
            if (journal.Broken.IsCompleted)
                throw new InvalidOperationException("the journal is broken", journal.Broken.Result);
            var files = new LogKeyFile(options.Home.LogKey);
            var next = files.Next(journal.Reader.Latest()?.Note, Home.LogOrigin);
            var entry = await journal.RotateKeyAsync(next, by, request.Reason, CancellationToken.None);
            files.Take();
            Report(next.Warning, troubles);
            return new KeyRotated(entry, next.VerifierText(Home.LogOrigin))
            {
                Standbys = options.Log is null ? null : ForStandbys,
            };
        }
        finally
        {
            one.Release();
        }
    }

    /// <param name="warning">What the key's checkpoints lack; null where they lack nothing.</param>
    public static void Report(string? warning, Troubles troubles)
    {
        if (warning is not null)
            troubles.Report("log: key", warning);
        else
            troubles.Clear("log: key");
    }

    public void Dispose() => one.Dispose();
}
