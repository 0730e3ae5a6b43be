namespace Mintmark.Evidence;

/// <summary>One advisory of the OSV schema (ossf.github.io/osv-schema), as far as it is matched here.</summary>
/// <param name="Known">When it was published.</param>
internal sealed record Advisory(
    string Id,
    IReadOnlyList<string> Aliases,
    string Summary,
    DateTimeOffset Known,
    IReadOnlyList<Affected> Affected,
    Severity Severity
);

/// <param name="Ecosystem">Without what follows a colon, such as a release of Debian.</param>
/// <param name="Package">In the ecosystem's normal form.</param>
/// <param name="Versions">Named one by one.</param>
internal sealed record Affected(
    string Ecosystem,
    string Package,
    IReadOnlySet<string> Versions,
    IReadOnlyList<AffectedRange> Ranges,
    Severity Severity
)
{
    /// <summary>
    /// OSV's rule: a version is affected if it is named, or if the last event at or below it of any range says so.
    /// </summary>
    public bool Has(string version, Comparison<string> order) =>
        Versions.Contains(version) || Ranges.Any(range => range.Has(version, order));
}

/// <param name="Events">In the ecosystem's order of versions.</param>
internal sealed record AffectedRange(IReadOnlyList<RangeEvent> Events)
{
    public bool Has(string version, Comparison<string> order)
    {
        var affected = false;
        foreach (var (kind, at) in Events)
        {
            var reached = at == VersionOrder.Beginning && kind == RangeEventKind.Introduced ? 1 : order(version, at);
            affected = kind switch
            {
                RangeEventKind.Introduced when reached >= 0 => true,
                RangeEventKind.Fixed when reached >= 0 => false,
                RangeEventKind.LastAffected when reached > 0 => false,
                _ => affected,
            };
        }
        return affected;
    }
}

internal sealed record RangeEvent(RangeEventKind Kind, string At);

internal enum RangeEventKind
{
    Introduced,
    LastAffected,
    Fixed,
}
