using Mintmark.Releases;

namespace Mintmark.Ship;

/// <summary>Asks a version at the address of its own: through the gateway, or through the simulator's.</summary>
public interface IRehearsalProbe
{
    /// <param name="path">That a version which is well answers with 200.</param>
    Task<RehearsalAnswer> AskAsync(Mark mark, string path, CancellationToken ct);
}

/// <param name="Status">Null where nobody answered.</param>
/// <param name="Halted">Whether the gateway itself said that it lets nothing through.</param>
public readonly record struct RehearsalAnswer(int? Status, bool Halted)
{
    public override string ToString() =>
        Status is null ? "nothing"
        : Halted ? $"{Status} (halted)"
        : $"{Status}";
}
