namespace Mintmark.Build;

/// <summary>Everything that is wrong with a manifest, at once, in the order of the file.</summary>
public sealed class ManifestException(IReadOnlyList<DeclaredProblem> problems) : DeclaredException(problems);
