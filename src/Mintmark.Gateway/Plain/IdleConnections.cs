using Mintmark.Gateway.Wire;

namespace Mintmark.Gateway.Plain;

/// <summary>
/// An instance's connections that nobody uses; the one used last is used first. Each loop has those that it hears of,
/// so that mostly one thread has all of a request; where it has none, it takes over one of another.
/// </summary>
sealed class IdleConnections
{
    private readonly Shelf[] shelves = [.. Enumerable.Range(0, Loop.Count).Select(_ => new Shelf())];

    public void Put(UpstreamConnection connection) => shelves[connection.Loop.Index].Put(connection);

    public void Remove(UpstreamConnection connection) => shelves[connection.Loop.Index].Remove(connection);

    public UpstreamConnection? Take()
    {
        var own = Loop.Current?.Index ?? 0;
        for (var i = 0; i < shelves.Length; i++)
        {
            if (shelves[(own + i) % shelves.Length].Take() is { } connection)
                return connection;
        }
        return null;
    }

    private sealed class Shelf
    {
        private readonly Lock changing = new();
        private readonly List<UpstreamConnection> idle = [];

        public void Put(UpstreamConnection connection)
        {
            lock (changing)
                idle.Add(connection);
        }

        public void Remove(UpstreamConnection connection)
        {
            lock (changing)
                idle.Remove(connection);
        }

        public UpstreamConnection? Take()
        {
            while (true)
            {
                UpstreamConnection last;
                lock (changing)
                {
                    if (idle.Count == 0)
                        return null;
                    last = idle[^1];
                    idle.RemoveAt(idle.Count - 1);
                }
                if (last.TryLease())
                    return last;
            }
        }
    }
}
