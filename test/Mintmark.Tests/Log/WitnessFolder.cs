using Mintmark.Log;

namespace Mintmark.Tests.Log;

/// <summary>A witness of the log of a test, with a clock that stands.</summary>
sealed class WitnessFolder(LogFolder log, string name = "witness.test") : IDisposable
{
    public const long Now = 1_800_000_000;

    Witness? witness;

    public string Path { get; } = Directory.CreateTempSubdirectory("mintmark-witness-").FullName;

    public Witness Witness =>
        witness ??= new Witness(
            Path,
            WitnessKey.LoadOrCreate(System.IO.Path.Combine(Path, "key.pem"), name),
            [log.Verifier()],
            new StandingClock()
        );

    public WitnessVerifier Verifier() => WitnessVerifier.Parse(Witness.VerifierText);

    /// <summary>What SIGKILL leaves.</summary>
    public void Crash()
    {
        witness?.Dispose();
        witness = null;
    }

    public void Dispose()
    {
        Crash();
        Directory.Delete(Path, recursive: true);
    }

    sealed class StandingClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeSeconds(Now);
    }
}
