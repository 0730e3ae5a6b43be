namespace Mintmark.Gateway.Plain;

/// <summary>An instance's answer is not HTTP/1.1 as RFC 9112 has it, or beyond a limit; the message says how.</summary>
sealed class UnclearAnswerException(string message) : Exception(message);
