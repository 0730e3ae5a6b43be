using System.Text.Json;

namespace Mintmark.Build;

/// <summary>How services of one kind are usually built, tested and run. Commands are YAML scalars.</summary>
/// <param name="Extension">Of the results, with the dot.</param>
internal sealed record Ecosystem(
    string Comment,
    string Build,
    string Smoke,
    string Full,
    string Run,
    string Extension = ".xml"
)
{
    public string Results(string suite) => $"test-results/{suite}{Extension}";

    public static Ecosystem Detect(string directory)
    {
        if (FirstOf(directory, "*.csproj", "*.fsproj", "*.slnx", "*.sln") is not null)
            return DotNet(directory);
        if (Has(directory, "pyproject.toml", "requirements.txt", "setup.py", "Pipfile"))
            return Python(directory);
        return Has(directory, "package.json") ? Node(directory) : Plain;
    }

    private static Ecosystem Plain =>
        new(
            "No .NET, Python or Node project was found here: put your own commands in place of these.",
            Quoted("cp -r . \"$OUT\""),
            Quoted("mkdir -p test-results && ./test.sh smoke > test-results/smoke.xml"),
            Quoted("mkdir -p test-results && ./test.sh full > test-results/full.xml"),
            Quoted("./run.sh")
        );

    private static Ecosystem DotNet(string directory)
    {
        var projects = Projects(directory);
        var service = projects.Find(p => p.Web) ?? projects.Find(p => !p.Test) ?? new DotNetProject("src", "App");
        var tests = projects.Find(p => p.Test)?.Path;
        var suite = $"dotnet test {Word(tests ?? ".")} -c Release --logger";
        return new Ecosystem(
            "A .NET project. Its smoke tests are those with the trait Category=Smoke.",
            Quoted($"dotnet publish {Word(service.Path)} -c Release -o \"$OUT\""),
            Quoted($"{suite} \"trx;LogFileName=$PWD/test-results/smoke.trx\" --filter Category=Smoke"),
            Quoted($"{suite} \"trx;LogFileName=$PWD/test-results/full.trx\""),
            Quoted($"ASPNETCORE_URLS=http://127.0.0.1:$PORT exec dotnet {Word(service.Assembly + ".dll")}"),
            ".trx"
        );
    }

    private static Ecosystem Python(string directory)
    {
        var package = Has(directory, "pyproject.toml", "setup.py") ? "." : "-r requirements.txt";
        var main = new[] { "main.py", "app.py", "server.py" }.FirstOrDefault(f => Has(directory, f)) ?? "main.py";
        return new Ecosystem(
            "A Python project, its packages and pytest in the artifact. Its smoke tests have pytest's mark smoke.",
            Quoted($"python3 -m pip install --target \"$OUT/lib\" {package} && cp -r *.py \"$OUT\""),
            Quoted("PYTHONPATH=\"$OUT/lib\" python3 -m pytest -m smoke --junit-xml test-results/smoke.xml"),
            Quoted("PYTHONPATH=\"$OUT/lib\" python3 -m pytest --junit-xml test-results/full.xml"),
            Quoted($"PYTHONPATH=lib exec python3 {Word(main)}")
        );
    }

    private static Ecosystem Node(string directory)
    {
        var install = Has(directory, "package-lock.json") ? "npm ci" : "npm install";
        var main = new[] { "server.js", "index.js", "app.js" }.FirstOrDefault(f => Has(directory, f)) ?? "server.js";
        const string report = "node --test --test-reporter junit --test-reporter-destination";
        return new Ecosystem(
            "A Node project. Its smoke tests are those with smoke in their name.",
            Quoted($"{install} && npm run build --if-present && cp -r . \"$OUT\""),
            Quoted($"mkdir -p test-results && {report} test-results/smoke.xml --test-name-pattern smoke"),
            Quoted($"mkdir -p test-results && {report} test-results/full.xml"),
            Quoted($"exec node {Word(main)}")
        );
    }

    private static List<DotNetProject> Projects(string directory) =>
        [
            .. Files(directory, "*.csproj")
                .Concat(Files(directory, "*.fsproj"))
                .Order(StringComparer.Ordinal)
                .Select(file => DotNetProject.Read(directory, file)),
        ];

    private static string? FirstOf(string directory, params string[] patterns) =>
        patterns.SelectMany(p => Files(directory, p)).FirstOrDefault();

    /// <summary>Projects lie a few folders down; what is deeper is somebody else's.</summary>
    private static IEnumerable<string> Files(string directory, string pattern) =>
        Directory.EnumerateFiles(
            directory,
            pattern,
            new EnumerationOptions
            {
                RecurseSubdirectories = true,
                MaxRecursionDepth = 3,
                AttributesToSkip = FileAttributes.Hidden | FileAttributes.ReparsePoint,
                IgnoreInaccessible = true,
            }
        );

    private static bool Has(string directory, params string[] names) =>
        names.Any(name => File.Exists(Path.Combine(directory, name)));

    /// <summary>One word for the shell.</summary>
    private static string Word(string text) =>
        text.All(c => char.IsAsciiLetterOrDigit(c) || "._-/".Contains(c, StringComparison.Ordinal))
            ? text
            : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>Plain where YAML takes it as it is; else as JSON writes it, which YAML reads.</summary>
    private static string Quoted(string command) =>
        command.Contains(": ", StringComparison.Ordinal) || command.Contains(" #", StringComparison.Ordinal)
            ? JsonSerializer.Serialize(command)
            : command;
}

/// <param name="Path">Of the project file, from the top of the repository.</param>
internal sealed record DotNetProject(string Path, string Assembly, bool Web = false, bool Test = false)
{
    private const int LargestProject = 1 << 20;

    public static DotNetProject Read(string top, string file)
    {
        var text = new FileInfo(file).Length <= LargestProject ? File.ReadAllText(file) : "";
        return new DotNetProject(
            System.IO.Path.GetRelativePath(top, file),
            System.IO.Path.GetFileNameWithoutExtension(file),
            text.Contains("Microsoft.NET.Sdk.Web", StringComparison.Ordinal),
            text.Contains("xunit", StringComparison.OrdinalIgnoreCase)
                || text.Contains("Microsoft.NET.Test.Sdk", StringComparison.Ordinal)
                || text.Contains("MSTest", StringComparison.Ordinal)
                || text.Contains("NUnit", StringComparison.Ordinal)
        );
    }
}
