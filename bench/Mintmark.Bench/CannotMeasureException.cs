namespace Mintmark.Bench;

/// <summary>The machine lacks what a bench compares with; the message says what to install.</summary>
internal sealed class CannotMeasureException(string message) : Exception(message);
