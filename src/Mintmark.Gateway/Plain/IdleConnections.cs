namespace Mintmark.Gateway.Plain;

/// <summary>An instance's connections that nobody uses; the one used last is used first.</summary>
sealed class IdleConnections
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
