namespace Mintmark.Evidence;

/// <summary>What a version was made of, as far as its lock files say.</summary>
public sealed class Materials
{
    private readonly SortedDictionary<string, Component> components = new(StringComparer.Ordinal);
    private readonly SortedSet<string> direct = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, SortedSet<string>> dependsOn = new(StringComparer.Ordinal);
    private readonly SortedSet<(string, string)> systems = [];
    private readonly SortedSet<string> notCovered = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> NotCovered => notCovered;

    public int Count => components.Count;

    /// <summary>Package URLs, in order.</summary>
    public IEnumerable<string> Purls => components.Keys;

    internal IReadOnlyDictionary<string, Component> Components => components;

    /// <summary>Operating systems of base images: id and version.</summary>
    internal IReadOnlyCollection<(string Id, string Version)> Systems => systems;

    internal IReadOnlyCollection<string> Direct => direct;

    internal IReadOnlyDictionary<string, SortedSet<string>> DependsOn => dependsOn;

    internal void Add(Component component) =>
        components[component.Purl] = components.TryGetValue(component.Purl, out var known)
            ? known + component
            : component;

    internal void AddSystem(string id, string version) => systems.Add((id, version));

    internal void AddDirect(string purl) => direct.Add(purl);

    /// <summary>That these are known of the component, also where there are none.</summary>
    internal void AddDependencies(string purl, IEnumerable<string> on)
    {
        if (!dependsOn.TryGetValue(purl, out var known))
            dependsOn[purl] = known = new(StringComparer.Ordinal);
        known.UnionWith(on);
        known.Remove(purl);
    }

    internal void Leave(string what) => notCovered.Add(what);
}
