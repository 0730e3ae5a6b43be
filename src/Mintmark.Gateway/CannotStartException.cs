namespace Mintmark.Gateway;

/// <summary>The machine does not let the gateway start; the message says what stands in the way.</summary>
public sealed class CannotStartException(string message, Exception? inner = null) : Exception(message, inner);
