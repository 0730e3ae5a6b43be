using System.Collections.Immutable;
using Mintmark.Releases;

namespace Mintmark.Gate;

/// <summary>What a line of business is held to, as it is shipped.</summary>
/// <param name="Demands">In the order of the file.</param>
/// <param name="Emergency">Of these, what an emergency release is held to as well.</param>
public sealed record Profile(
    string Name,
    int Version,
    string Title,
    IReadOnlyList<Demand> Demands,
    IReadOnlyList<string> Emergency,
    IReadOnlyList<FreezeWindow> Freezes
)
{
    private static readonly Lazy<IReadOnlyDictionary<string, Profile>> Embedded = new(() =>
        Profiles.All.ToDictionary(
            name => name,
            name =>
                ProfileReader.Profile(Catalogue.Resource($"Profiles.{name}.yaml"), $"{name}.yaml", Catalogue.Shipped)
        )
    );

    /// <summary>Those of this program, by name: all of <see cref="Profiles.All"/>.</summary>
    public static IReadOnlyDictionary<string, Profile> Shipped => Embedded.Value;
}

/// <summary>A control that is demanded, and how strictly.</summary>
/// <param name="Set">Each of the control's parameters.</param>
/// <param name="Relaxed">Whose word it is looser by than the profile; null where it is not.</param>
public sealed record Demand(Control Control, ImmutableSortedDictionary<string, decimal> Set, Loosening? Relaxed = null)
{
    public static Demand Usual(Control control) =>
        new(control, control.Parameters.ToImmutableSortedDictionary(p => p.Name, p => p.Usual));

    /// <summary>Such as <c>approvers 2</c>; empty without parameters.</summary>
    public string Text() => string.Join(", ", Control.Parameters.Select(p => $"{p.Name} {p.Text(Set[p.Name])}"));
}

/// <summary>A looser value, or a control left out, by somebody's word and for a while.</summary>
/// <param name="Set">What is looser; null where the control is left out altogether.</param>
/// <param name="Until">From when on it counts no longer.</param>
public sealed record Loosening(
    string Control,
    ImmutableSortedDictionary<string, decimal>? Set,
    PersonName By,
    string Reason,
    DateTimeOffset Until
);

/// <summary>What a team adds to a profile.</summary>
/// <param name="Stricter">Values by control; controls that the profile does not have are added.</param>
public sealed record Overlay(
    string File,
    IReadOnlyDictionary<string, ImmutableSortedDictionary<string, decimal>> Stricter,
    IReadOnlyList<Loosening> Relax,
    IReadOnlyList<FreezeWindow> Freezes
);
