namespace Mintmark.Log;

/// <summary>The log is not what was signed. Names the entry where one can be named, and what to do.</summary>
public sealed class LogCorruptException(string what, long? index, Exception? inner = null)
    : Exception(index is { } entry ? $"entry {entry}: {what}" : what, inner)
{
    public string What { get; } = what;

    public long? Index { get; } = index;
}

/// <summary>Storage said no and nothing was written: the log is as it was. Says what to do next.</summary>
public sealed class LogStorageException(string what, Exception? inner = null) : Exception(what, inner);

/// <summary>Another writer has taken the log over: nothing was written, and the process must stop.</summary>
public sealed class LogLeadLostException(string what) : Exception(what);

/// <summary>
/// Storage failed at the commit, so the entries may or may not survive. The process must stop: opening the log again
/// tells which.
/// </summary>
public sealed class LogAmbiguousException(string what, Exception? inner = null) : Exception(what, inner);
