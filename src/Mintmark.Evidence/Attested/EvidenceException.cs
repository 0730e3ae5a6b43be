namespace Mintmark.Evidence;

/// <summary>Evidence does not show what it claims to, or is not there.</summary>
public sealed class EvidenceException : Exception
{
    public EvidenceException(string message)
        : base(message) { }

    public EvidenceException(string message, Exception inner)
        : base(message, inner) { }
}
