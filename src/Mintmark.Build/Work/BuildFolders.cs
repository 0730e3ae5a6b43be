using Mintmark.Releases;

namespace Mintmark.Build;

/// <summary>Where a build keeps what, below the control plane's home.</summary>
internal sealed class BuildFolders(string home)
{
    public string Builds => Path.Combine(home, "builds");

    /// <summary>HOME of every build: caches of package programs live here.</summary>
    public string BuildHome => Path.Combine(home, "build-home");

    public string PackageLinks => Path.Combine(home, "package-cache");

    public string Oci => Path.Combine(home, "oci");

    public string Versions => Path.Combine(home, "versions");

    public ReleaseFolders Of(ReleaseId release) => new(Path.Combine(Builds, release.ToString()), Marker(release));

    /// <summary>Value of MINTMARK_BUILD in the environment of every process of a build.</summary>
    public string Marker(ReleaseId release) => $"{MarkerPrefix}{release}";

    public string MarkerPrefix => $"{Path.GetFullPath(home)}#";
}

/// <summary>The folder of one build. Only its logs and results outlive the build.</summary>
internal sealed record ReleaseFolders(string Root, string Marker)
{
    public string Checkout => Path.Combine(Root, "checkout");

    public string Out => Path.Combine(Root, "out");

    public string Temporary => Path.Combine(Root, "tmp");

    public IEnumerable<string> Passing => [Checkout, Out, Temporary];

    /// <summary>Where it is built once more, to be compared.</summary>
    public ReleaseFolders Again => new(Path.Combine(Root, "again"), Marker);

    public string Log(string stage) => Path.Combine(Root, $"{stage}.log");

    public string Results(string suite) => Path.Combine(Root, $"{suite}-results.xml");
}
