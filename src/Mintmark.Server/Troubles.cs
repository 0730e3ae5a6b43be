using System.Collections.Concurrent;

namespace Mintmark.Server;

/// <summary>What does not work at present, for <c>mint status</c>: the latest failure of each part.</summary>
public sealed class Troubles
{
    private readonly ConcurrentDictionary<string, string> present = new();

    public IReadOnlyDictionary<string, string> Present => present;

    /// <returns>Whether this is news.</returns>
    public bool Report(string part, string failure)
    {
        var news = !present.TryGetValue(part, out var before) || before != failure;
        present[part] = failure;
        return news;
    }

    public void Clear(string part) => present.TryRemove(part, out _);
}
