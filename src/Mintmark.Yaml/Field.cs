namespace Mintmark.Yaml;

public delegate bool TryRead<T>(YamlNode.Scalar scalar, out T value);

/// <param name="Accepted">What may stand here, in the words of an error message.</param>
/// <param name="Words">The words that may stand here, where these are few: for "did you mean".</param>
public sealed record Field<T>(string Accepted, TryRead<T> Read, IReadOnlyList<string>? Words = null);
