using Mintmark.Releases;
using Mintmark.Run;

namespace Mintmark.Tests.Run;

/// <summary>A home with a runtime and real processes; all of them are gone after the test.</summary>
sealed class TestHome : IDisposable
{
    const UnixFileMode PassThrough =
        UnixFileMode.UserRead
        | UnixFileMode.UserWrite
        | UnixFileMode.UserExecute
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherExecute;

    public static readonly ServiceName Bank = new("bank");

    static int homes;

    readonly List<InstanceId> started = [];

    public TestHome()
    {
        Path = Directory.CreateTempSubdirectory("mintmark-run-").FullName;
        File.SetUnixFileMode(Path, PassThrough);
        Id = System.IO.Path.GetFileName(Path);
        Artifact = Directory.CreateDirectory(In("versions/bank-1")).FullName;
        foreach (var folder in (string[])[In("versions"), Artifact])
            File.SetUnixFileMode(folder, PassThrough | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        Runtime = NewRuntime();
    }

    public string Path { get; }

    public string Id { get; }

    public string Artifact { get; }

    public ProcessRuntime Runtime { get; private set; }

    /// <summary>Some tests claim no ports: a hundred, beyond those that real control planes give out.</summary>
    public RunOptions Options =>
        new(Path, Id)
        {
            FirstPort = FirstPort,
            LastPort = FirstPort + 99,
            OutputBytes = 1 << 20,
        };

    public int FirstPort { get; } = 30_000 + (100 * (Interlocked.Increment(ref homes) % 27));

    public string Data => In($"data/{Bank}");

    public string In(string name) => System.IO.Path.Combine(Path, name);

    public string Output(int instance) => File.ReadAllText(In($"instances/i-{instance}/output.log"));

    public void Serve(string name, string script) => File.WriteAllText(System.IO.Path.Combine(Artifact, name), script);

    /// <summary>Read-only, as artifacts are once they are unpacked.</summary>
    public void Seal() => File.SetUnixFileMode(Artifact, File.GetUnixFileMode(Artifact) & ~UnixFileMode.UserWrite);

    public ProcessRuntime NewRuntime() => new(Options, TimeProvider.System);

    /// <summary>Another control plane takes over.</summary>
    public void Replace()
    {
        Runtime.Dispose();
        Runtime = NewRuntime();
    }

    public LiveProcess Start(string command, int instance = 1, string service = "bank", long memory = 256 << 20)
    {
        started.Add(new InstanceId(instance));
        var mark = new Mark(new ServiceName(service), 1);
        return Runtime.Start(new LaunchPlan(started[^1], mark, FirstPort, Artifact, new RunPlan(command, memory, 512)));
    }

    public IReadOnlyList<LiveProcess> Of(int instance) =>
        [.. Runtime.Living().Where(p => p.Instance == new InstanceId(instance))];

    public Task GoneAsync(int instance) =>
        Eventually.HoldsAsync(() => Of(instance).Count == 0, $"i-{instance} has no process");

    public Task SaysAsync(int instance, string text) =>
        Eventually.HoldsAsync(() => Output(instance).Contains(text, StringComparison.Ordinal), $"output: {text}");

    public void Dispose()
    {
        using (var last = NewRuntime())
        {
            foreach (var instance in last.Living().Select(p => p.Instance).Distinct())
                last.Signal(instance, StopSignal.Kill);
        }
        Runtime.Dispose();
        if (Directory.Exists(Artifact))
            File.SetUnixFileMode(Artifact, File.GetUnixFileMode(Artifact) | UnixFileMode.UserWrite);
        Directory.Delete(Path, recursive: true);
    }
}
