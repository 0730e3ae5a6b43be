using Mintmark.Releases;

namespace Mintmark.Build;

/// <summary>The whole environment of a build's commands: nothing is inherited but what is listed here.</summary>
public static class BuildEnvironment
{
    public const string Marker = "MINTMARK_BUILD";

    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>Where programs, packages and certificates are found on this machine.</summary>
    private static readonly string[] Inherited =
    [
        "DOTNET_ROOT",
        "NUGET_PACKAGES",
        "NUGET_CERT_REVOCATION_MODE",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "NO_PROXY",
        "ALL_PROXY",
        "http_proxy",
        "https_proxy",
        "no_proxy",
        "all_proxy",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "NODE_EXTRA_CA_CERTS",
        "REQUESTS_CA_BUNDLE",
    ];

    /// <summary>Quiet, and no process that stays behind.</summary>
    private static readonly (string Name, string Value)[] Fixed =
    [
        ("CI", "true"),
        ("LANG", "C.UTF-8"),
        ("DOTNET_CLI_TELEMETRY_OPTOUT", "1"),
        ("DOTNET_NOLOGO", "1"),
        ("DOTNET_SKIP_FIRST_TIME_EXPERIENCE", "1"),
        ("DOTNET_GENERATE_ASPNET_CERTIFICATE", "false"),
        ("DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE", "1"),
        ("DOTNET_CLI_USE_MSBUILD_SERVER", "0"),
        ("MSBUILDDISABLENODEREUSE", "1"),
        ("UseSharedCompilation", "false"),
    ];

    internal static Dictionary<string, string> Of(
        BuildOptions options,
        BuildFolders folders,
        ReleaseFolders release,
        Mark mark,
        string? packages
    )
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in Inherited)
        {
            if (options.Ambient.TryGetValue(name, out var value) && value.Length > 0)
                environment[name] = value;
        }
        // A cache in the home of who runs the control plane is of no use to another user.
        if (options.User is not null)
            environment.Remove("NUGET_PACKAGES");
        foreach (var (name, value) in Fixed)
            environment[name] = value;
        environment["PATH"] = options.Ambient.GetValueOrDefault("PATH") ?? DefaultPath;
        environment["HOME"] = folders.BuildHome;
        environment["TMPDIR"] = release.Temporary;
        environment["OUT"] = release.Out;
        environment["MINTMARK"] = mark.ToString();
        environment[Marker] = release.Marker;
        if (packages is not null)
            environment["NUGET_FALLBACK_PACKAGES"] = packages;
        return environment;
    }
}
