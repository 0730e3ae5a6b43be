namespace Mintmark.Bench.Soak;

/// <summary>What a gateway holds while nobody asks for anything.</summary>
/// <param name="AllocatedMegabytes">Since its start.</param>
internal sealed record Held(
    double HeapMegabytes,
    double AllocatedMegabytes,
    double ResidentMegabytes,
    int Descriptors,
    int Threads
)
{
    /// <summary>Allocated since the round before, for each request of this one.</summary>
    public double BytesPerRequest { get; init; }
}
