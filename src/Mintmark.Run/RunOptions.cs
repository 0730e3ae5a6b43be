namespace Mintmark.Run;

/// <param name="Home">Folder of the control plane.</param>
/// <param name="HomeId">Tells this home's processes from another's; never changes.</param>
public sealed record RunOptions(string Home, string HomeId)
{
    public int FirstPort { get; init; } = 20_000;

    public int LastPort { get; init; } = 29_999;

    /// <summary>Above this the output of an instance is cut down to its last half.</summary>
    public long OutputBytes { get; init; } = 16 << 20;

    /// <summary>Where instances look for programs.</summary>
    public string Path { get; init; } = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>DOTNET_ROOT of instances, where .NET is not installed in a usual place.</summary>
    public string? DotnetRoot { get; init; }

    /// <summary>Further folders that instances may read, such as a tool chain outside of /usr and /opt.</summary>
    public IReadOnlyList<string> ReadOnlyFolders { get; init; } = [];

    /// <summary>Give instances their own view of the file system where bubblewrap is there.</summary>
    public bool Sandboxed { get; init; } = true;
}
