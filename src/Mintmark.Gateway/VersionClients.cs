using Mintmark.Releases;
using Mintmark.Route;

namespace Mintmark.Gateway;

/// <summary>Who has called a version since this gateway knows it, and when somebody did last.</summary>
sealed class VersionClients(Mark mark, TimeProvider time)
{
    private readonly ClientTable table = new();
    private readonly DateTimeOffset since = time.GetUtcNow();
    private readonly long began = time.GetTimestamp();

    /// <summary>Seconds since it began, and one: 0 is never.</summary>
    private int lastUse;

    /// <param name="client">Null where the request did not say: then only that the version is in use.</param>
    public void Saw(ulong? client)
    {
        var now = Seconds();
        if (Volatile.Read(ref lastUse) < now)
            Volatile.Write(ref lastUse, now);
        if (client is { } digest)
            table.Saw(digest, now);
    }

    public ClientsReport Report()
    {
        var (clients, isLowerBound) = table.Count;
        var used = Volatile.Read(ref lastUse);
        return new ClientsReport(
            mark,
            clients,
            isLowerBound,
            table.Lately(Seconds()),
            since,
            used == 0 ? null : since.AddSeconds(used - 1)
        );
    }

    private int Seconds() => 1 + (int)time.GetElapsedTime(began).TotalSeconds;
}
