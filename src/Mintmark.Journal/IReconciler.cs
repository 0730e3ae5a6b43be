namespace Mintmark.Journal;

/// <summary>
/// Brings the world to what the state says, and the state to what the world shows. Level-triggered: a round reads the
/// journal's state, plans, acts and records; running it twice does no harm.
/// </summary>
public interface IReconciler
{
    string Name { get; }

    /// <summary>The longest time between two rounds; each change of the state brings one too.</summary>
    TimeSpan Period { get; }

    Task ReconcileAsync(CancellationToken ct);
}
