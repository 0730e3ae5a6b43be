using Mintmark.Journal;

namespace Mintmark.Server;

/// <summary>
/// Disk space kept back for a halt, a rollback and what is found worse: what stops traffic or takes a version back must
/// not wait until somebody has tidied up. It is filled again as soon as there is room.
/// </summary>
internal sealed class Reserve(Home home) : IReconciler
{
    /// <summary>Room for some hundred decisions and what follows from them.</summary>
    private const long Bytes = 4 << 20;

    public string Name => "reserve";

    public TimeSpan Period { get; } = TimeSpan.FromMinutes(1);

    /// <exception cref="IOException">There is no room for it.</exception>
    public Task ReconcileAsync(CancellationToken ct)
    {
        if (File.Exists(home.Reserve))
            return Task.CompletedTask;
        // Preallocated whole or not made at all.
        using var file = new FileStream(
            home.Reserve,
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                PreallocationSize = Bytes,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }
        );
        file.SetLength(Bytes);
        return Task.CompletedTask;
    }

    /// <returns>Whether there was something to give up.</returns>
    public bool GiveUp()
    {
        var kept = File.Exists(home.Reserve);
        File.Delete(home.Reserve);
        return kept;
    }
}
