using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Mintmark.Cli;
using Xunit;

namespace Mintmark.Tests.Cli;

public sealed class WhenARepositoryIsAssessed : IDisposable
{
    private const string Card = "4539" + "5787" + "6362" + "1486";

    private readonly Mint mint = new();

    private string Repository => Path.Combine(mint.Folder, "pay");

    public void Dispose() => mint.Dispose();

    [Fact]
    public async Task WhatHoldsAndWhichStepIsNextIsTold()
    {
        Write(".github/workflows/ci.yml", "on: push");
        Write("Dockerfile", "FROM scratch");
        Write("src/pay.js", "module.exports = 1");
        Write("src/pay.test.js", "require('./pay')");
        Write("package.json", "{}");
        Write("config/pay.json", "{}");
        Write("data/cards.csv", $"pan\n{Card}\n");
        Commit("first, for PAY-1");

        var said = await mint.RunAsync("assess", "pay", "--profile", "automated-trading");

        Golden.Matches("assess", said.Transcript("assess pay --profile automated-trading"));
        Assert.DoesNotContain(Card, said.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithAManifestItsLineOfBusinessAndItsWordsCount()
    {
        Write("test/pay_test.py", "");
        Commit("first");
        Write(
            "mint.yaml",
            """
            name: pay
            profile: valuation
            build: { run: make, reproducible: required }
            suites: { smoke: { run: make smoke, results: s.xml }, full: { run: make full, results: f.xml } }
            run: { command: ./pay }
            health: { path: /health }
            database: { version: 12, works-with: 11..12 }
            """
        );
        Commit("declare it");

        var controls = await ControlsAsync();

        Assert.Equal("holds", controls["rollback-target"]);
        Assert.Equal("one-step", controls["build-reproducible"]);
        Assert.Equal("one-step", controls["full-suite-passed"]);
        Assert.Equal("holds", controls["secrets-absent"]);
        Assert.Equal("not-covered", controls["replay-compared"]);
        Assert.Equal("more", controls["requirements-linked"]);
    }

    [Fact]
    public async Task NothingIsChanged()
    {
        Write("a.txt", "a");
        Commit("first");
        Write("a.txt", "b");
        var before = Snapshot();

        await mint.RunAsync("assess", "pay");

        Assert.Equal(before, Snapshot());
        Assert.False(Directory.Exists(mint.HomeFolder));
    }

    [Fact]
    public void AProcessThatListensAndRunsFromItIsNamed()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        Assert.Contains(
            ListeningProcesses.Of(Path.GetDirectoryName(Environment.ProcessPath)!),
            p => p.Pid == Environment.ProcessId && p.Port == port
        );
        Assert.DoesNotContain(ListeningProcesses.Of(mint.Folder), p => p.Port == port);
    }

    [Fact]
    public async Task WhatIsNoRepositoryIsRefused()
    {
        Directory.CreateDirectory(Repository);

        await mint.RefusesAsync("assess pay", "is not in a git repository");
    }

    private async Task<Dictionary<string, string>> ControlsAsync()
    {
        var said = await mint.RunAsync("assess", "pay", "--json");
        return JsonDocument
            .Parse(said.Out)
            .RootElement.GetProperty("controls")
            .EnumerateArray()
            .ToDictionary(c => c.GetProperty("control").GetString()!, c => c.GetProperty("state").GetString()!);
    }

    private List<string> Snapshot() =>
        [
            .. Directory
                .EnumerateFiles(Repository, "*", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Select(f => $"{f} {new FileInfo(f).LastWriteTimeUtc:O} {new FileInfo(f).Length}"),
        ];

    private void Write(string path, string content)
    {
        var file = Path.Combine(Repository, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
    }

    private void Commit(string message)
    {
        if (!Directory.Exists(Path.Combine(Repository, ".git")))
            Git("init", "--quiet", "--initial-branch=main");
        Git("add", "--all");
        Git("commit", "--quiet", "--message", message);
    }

    private void Git(params string[] arguments)
    {
        string[] who = ["-c", "user.name=A", "-c", "user.email=a@example.invalid", "-c", "commit.gpgsign=false"];
        using var git = Process.Start(
            new ProcessStartInfo("git", [.. who, .. arguments]) { WorkingDirectory = Repository }
        )!;
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
    }
}
