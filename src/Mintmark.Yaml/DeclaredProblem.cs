namespace Mintmark.Yaml;

/// <param name="Line">From 1; 0 where the problem is with the file as a whole.</param>
/// <param name="Column">From 1.</param>
/// <param name="Key">Such as <c>suites.smoke.run</c>; empty for the file as a whole.</param>
/// <param name="Message">What was found and what is accepted.</param>
public sealed record DeclaredProblem(string File, int Line, int Column, string Key, string Message)
{
    public override string ToString() =>
        (Line > 0 ? $"{File}:{Line}:{Column}: " : $"{File}: ") + (Key.Length > 0 ? $"{Key}: {Message}" : Message);
}

/// <summary>Everything that is wrong with a file, at once, in the order of the file.</summary>
public class DeclaredException(IReadOnlyList<DeclaredProblem> problems) : Exception(string.Join('\n', problems))
{
    public IReadOnlyList<DeclaredProblem> Problems => problems;
}
