namespace Mintmark.Log;

/// <summary>What a witness says to add-checkpoint of c2sp.org/tlog-witness.</summary>
public abstract record WitnessAnswer
{
    WitnessAnswer() { }

    /// <param name="Signatures">Signature lines.</param>
    public sealed record Cosigned(string Signatures) : WitnessAnswer;

    /// <summary>The request is about another tree than the one it saw last, which has this size.</summary>
    public sealed record Conflict(long Size) : WitnessAnswer;

    /// <summary>No request of that form.</summary>
    public sealed record Malformed(string Reason) : WitnessAnswer;

    public sealed record UnknownLog(string Reason) : WitnessAnswer;

    public sealed record NotSigned(string Reason) : WitnessAnswer;

    /// <summary>Signed by the log and not consistent with what it signed before.</summary>
    public sealed record Inconsistent(string Reason) : WitnessAnswer;
}
