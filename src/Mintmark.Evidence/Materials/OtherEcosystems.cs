namespace Mintmark.Evidence;

/// <summary>Files by which a build shows that it uses packages of a kind that nothing here reads.</summary>
internal static class OtherEcosystems
{
    public const string Apk = "lib/apk/db/installed";
    public const string Rpm = "var/lib/rpm/";

    private static readonly Dictionary<string, string> ByName = new(StringComparer.Ordinal)
    {
        ["yarn.lock"] = "npm",
        ["pnpm-lock.yaml"] = "npm",
        ["bun.lock"] = "npm",
        ["bun.lockb"] = "npm",
        ["npm-shrinkwrap.json"] = "npm",
        [NpmLock.Wishes] = "npm",
        ["packages.config"] = ".net",
        ["paket.lock"] = ".net",
        ["poetry.lock"] = "python",
        ["uv.lock"] = "python",
        ["pdm.lock"] = "python",
        ["Pipfile.lock"] = "python",
        ["environment.yml"] = "conda",
        ["go.mod"] = "go",
        ["Cargo.lock"] = "rust",
        ["pom.xml"] = "java",
        ["build.gradle"] = "java",
        ["build.gradle.kts"] = "java",
        ["Gemfile.lock"] = "ruby",
        ["composer.lock"] = "php",
        ["mix.lock"] = "elixir",
        ["Package.resolved"] = "swift",
        ["conan.lock"] = "c++",
        ["vcpkg.json"] = "c++",
    };

    /// <summary>What another file in the same folder tells as well.</summary>
    private static readonly Dictionary<string, string> Told = new(StringComparer.Ordinal)
    {
        [NpmLock.Wishes] = NpmLock.Name,
        ["packages.config"] = NugetAssets.Name,
        ["poetry.lock"] = PipInspect.Name,
        ["uv.lock"] = PipInspect.Name,
        ["pdm.lock"] = PipInspect.Name,
        ["Pipfile.lock"] = PipInspect.Name,
    };

    public static bool Reads(string name) => ByName.ContainsKey(name);

    public static void Leave(string path, string name, Func<string, bool> isBeside, Materials into)
    {
        if (ByName.TryGetValue(name, out var ecosystem) && !(Told.TryGetValue(name, out var told) && isBeside(told)))
            into.Leave($"{ecosystem}: {path}");
    }
}
