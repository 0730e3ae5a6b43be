namespace Mintmark.Build;

public enum GitProblem
{
    NotInstalled,
    NotARepository,
    NotOurs,
    NoCommits,
    UnknownCommit,
    AmbiguousCommit,
    CannotCheckOut,
    TooLarge,
    TimedOut,
    Failed,
}

/// <summary>git could not do what was asked. All but the last two kinds are the asker's to put right.</summary>
public sealed class GitException(GitProblem problem, string message) : Exception(message)
{
    public GitProblem Problem => problem;
}
