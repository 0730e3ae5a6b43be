using System.Diagnostics;

namespace Mintmark.Releases;

/// <summary>Halts and freezes: of one service, or of everything.</summary>
internal static class Holds
{
    public static State Apply(State state, Event what, DateTimeOffset at, Actor by) =>
        what switch
        {
            Event.Halted { Service: { } s } e => Fold.With(state, s, v => v with { Halted = new(at, by, e.Reason) }),
            Event.Halted e => state with { Halted = new(at, by, e.Reason) },
            Event.Resumed { Service: { } s } => Fold.With(state, s, v => v with { Halted = null }),
            Event.Resumed => state with { Halted = null },
            Event.Frozen { Service: { } s } e => Fold.With(state, s, v => v with { Frozen = new(at, by, e.Reason) }),
            Event.Frozen e => state with { Frozen = new(at, by, e.Reason) },
            Event.Thawed { Service: { } s } => Fold.With(state, s, v => v with { Frozen = null }),
            Event.Thawed => state with { Frozen = null },
            _ => throw new UnreachableException(what.GetType().Name),
        };
}
