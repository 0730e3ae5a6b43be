using Mintmark.Releases;

namespace Mintmark.Watch;

/// <summary>Asks an instance whether its business invariants hold: over HTTP, or in the simulator.</summary>
public interface IInvariantProbe
{
    /// <summary>Never fails but by cancellation: an answer that does not come or makes no sense is unclear.</summary>
    Task<InvariantAnswer> AskAsync(int port, string path, Protocol protocol, CancellationToken ct);
}

public abstract record InvariantAnswer
{
    private InvariantAnswer() { }

    /// <param name="Results">At least one, by name.</param>
    public sealed record Given(IReadOnlyList<InvariantResult> Results) : InvariantAnswer;

    /// <summary>Says nothing about the invariants, neither that they hold nor that they do not.</summary>
    public sealed record Unclear(string Reason) : InvariantAnswer;
}
