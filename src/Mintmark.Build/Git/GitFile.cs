namespace Mintmark.Build;

public enum GitFileKind
{
    File,
    Link,
    Submodule,

    /// <summary>Only on the way to files.</summary>
    Folder,
}

/// <param name="Object">Hash of the content.</param>
public sealed record GitFile(GitFileKind Kind, string Object, bool Executable);
