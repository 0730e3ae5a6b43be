using System.Text.Json.Serialization;
using Mintmark.Gate;
using Mintmark.Releases;

namespace Mintmark.Cli;

/// <summary>A line of business as <c>mint profiles --json</c> has it.</summary>
/// <param name="Overlay">The team's file over it; null for none.</param>
public sealed record ProfileAnswer(
    string Profile,
    int Version,
    string Title,
    IReadOnlyList<DemandAnswer> Controls,
    IReadOnlyList<string> Emergency,
    IReadOnlyList<string> Freezes,
    string? Overlay,
    IReadOnlyList<LooseningAnswer> Relaxed
)
{
    /// <summary>As of no release and without looking at who is registered: relaxations are listed beside.</summary>
    public static ProfileAnswer Of(Profile profile, Overlay? overlay, DateTimeOffset now)
    {
        var policy = Policy.Of(profile, overlay is null ? null : overlay with { Relax = [] }, State.Empty, null, now);
        return new(
            profile.Name,
            profile.Version,
            profile.Title,
            [.. policy.Demands.Select(DemandAnswer.Of)],
            policy.Emergency,
            [.. policy.Freezes.Select(f => $"{f}")],
            overlay?.File,
            [.. (overlay?.Relax ?? []).Select(r => LooseningAnswer.Of(r, now))]
        );
    }
}

/// <param name="Set">Parameters as people write them; null where the control has none.</param>
public sealed record DemandAnswer(
    string Control,
    string Demands,
    string Decided,
    When When,
    bool Floor,
    IReadOnlyDictionary<string, string>? Set,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Serves
)
{
    public static DemandAnswer Of(Demand demand) =>
        new(
            demand.Control.Id,
            demand.Control.Demands,
            demand.Control.Decided,
            demand.Control.When,
            demand.Control.Floor,
            demand.Control.Parameters.Count == 0
                ? null
                : demand.Control.Parameters.ToDictionary(p => p.Name, p => p.Text(demand.Set[p.Name])),
            demand.Control.Serves
        );

    public static DemandAnswer Of(Control control) => Of(Demand.Usual(control)) with { Set = null };

    [JsonIgnore]
    public string Text => Set is null ? "" : string.Join(", ", Set.Select(s => $"{s.Key} {s.Value}"));
}

public sealed record LooseningAnswer(
    string Control,
    IReadOnlyDictionary<string, string>? Set,
    PersonName By,
    string Reason,
    DateTimeOffset Until,
    bool Ended
)
{
    public static LooseningAnswer Of(Loosening relax, DateTimeOffset now)
    {
        var control = Catalogue.Shipped.Controls[relax.Control];
        return new(
            relax.Control,
            relax.Set?.ToDictionary(s => s.Key, s => control.Find(s.Key)!.Text(s.Value)),
            relax.By,
            relax.Reason,
            relax.Until,
            now >= relax.Until
        );
    }
}

/// <summary>The catalogue, or a part of it, as <c>mint controls --json</c> has it.</summary>
/// <param name="Norms">Full names by short ones.</param>
public sealed record ControlsAnswer(
    int Catalogue,
    IReadOnlyDictionary<string, string> Norms,
    string? Norm,
    string? Profile,
    IReadOnlyList<DemandAnswer> Controls
)
{
    public static ControlsAnswer Of(string? norm, string? profile)
    {
        var catalogue = Gate.Catalogue.Shipped;
        var demands = profile is null
            ? catalogue.Controls.Values.Select(DemandAnswer.Of)
            : Policy
                .Of(Gate.Profile.Shipped[profile], null, State.Empty, null, default)
                .Demands.Select(DemandAnswer.Of);
        return new(
            catalogue.Version,
            catalogue.Norms.Where(n => norm is null || n.Key == norm).ToDictionary(),
            norm,
            profile,
            [.. demands.Where(d => norm is null || d.Serves.ContainsKey(norm))]
        );
    }
}
