using System.ComponentModel;
using System.Diagnostics;
using Mintmark.Releases;

namespace Mintmark.Run;

/// <summary>Instances as processes of this machine. They outlive the control plane and are found again.</summary>
public sealed class ProcessRuntime : IRuntime, IDisposable
{
    private const int ExitedFoldersKept = 20;

    private static readonly TimeSpan ReapedWithin = TimeSpan.FromSeconds(1);

    private readonly RunOptions options;
    private readonly Sandbox sandbox;
    private readonly ProcessTable table;
    private readonly Accounts accounts;
    private readonly InstanceFolders folders;
    private readonly Ports ports;
    private readonly Dictionary<InstanceId, Process> children = [];

    public ProcessRuntime(RunOptions options, TimeProvider clock)
    {
        this.options = options;
        sandbox = Sandbox.Find(options);
        table = new ProcessTable(options.HomeId, clock);
        accounts = new Accounts(options.Home, options.HomeId);
        folders = new InstanceFolders(options.Home);
        ports = new Ports(options.FirstPort, options.LastPort);
    }

    /// <summary>One line where instances are less apart from each other than they should be; else null.</summary>
    public string? Warning => sandbox.Warning;

    public IReadOnlyList<LiveProcess> Living() => table.Living();

    public int FreePort(int last, IReadOnlySet<int> taken) => ports.Free(last, taken);

    public LiveProcess Start(LaunchPlan plan)
    {
        try
        {
            var user = accounts.UserOf(plan.Mark.Service);
            folders.Make(plan.Instance, user);
            var process = Process.Start(Command(plan, user)) ?? throw new LaunchException("no process was made");
            children[plan.Instance] = process;
            // Gone and reaped before we could look: no process ever has start 0, so it will count as dead.
            var started = ProcStat.Read(process.Id)?.StartTicks ?? 0;
            var first = new LiveProcess(plan.Instance, process.Id, started, Leads: true, MemoryBytes: 0);
            table.Add(first);
            return first;
        }
        catch (Exception failure) when (failure is Win32Exception or IOException or UnauthorizedAccessException)
        {
            throw new LaunchException(failure.Message, failure);
        }
    }

    public string? FolderOf(LiveProcess process)
    {
        try
        {
            return new FileInfo($"/proc/{process.Pid}/cwd").LinkTarget;
        }
        catch (Exception hidden) when (hidden is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void Signal(InstanceId instance, StopSignal signal)
    {
        foreach (var process in table.Scan().Where(p => p.Instance == instance))
            Kernel.Signal(process.Pid, process.StartTicks, signal);
    }

    public int? ExitCode(InstanceId instance)
    {
        // A child that we have seen dead is a zombie until .NET's own thread reaps it, in a moment.
        return children.TryGetValue(instance, out var process) && process.WaitForExit(ReapedWithin)
            ? process.ExitCode
            : null;
    }

    public void CapOutput(InstanceId instance) => OutputLog.Cap(folders.Output(instance), options.OutputBytes);

    public void Clear(InstanceId instance, IReadOnlySet<InstanceId> running)
    {
        if (children.Remove(instance, out var process))
            process.Dispose();
        folders.Clear(instance);
        folders.Prune(running, ExitedFoldersKept);
    }

    /// <summary>Lets go of the instances; they run on.</summary>
    public void Dispose()
    {
        foreach (var process in children.Values)
            process.Dispose();
        children.Clear();
        ports.Dispose();
    }

    private ProcessStartInfo Command(LaunchPlan plan, int? user)
    {
        var work = folders.Work(plan.Instance);
        var data = accounts.DataFolder(plan.Mark.Service);
        var launch = new LaunchChain.Launch(
            plan.Run.Command,
            folders.Output(plan.Instance),
            user,
            OpenFiles(plan.Run.OpenFiles),
            MemoryLimit.DataBytes(plan.Run.MemoryBytes)
        );
        List<string> readOnly = [.. options.ReadOnlyFolders, plan.ArtifactFolder];
        if (options.DotnetRoot is { } dotnet)
            readOnly.Add(dotnet);
        var view = sandbox.Works ? Sandbox.Arguments(readOnly, [work, data], plan.ArtifactFolder) : null;
        var chain = LaunchChain.Arguments(launch, view);
        var command = new ProcessStartInfo(chain[0], chain.Skip(1)) { WorkingDirectory = plan.ArtifactFolder };
        command.Environment.Clear();
        foreach (var (name, value) in Variables(plan, work, data))
            command.Environment[name] = value;
        return command;
    }

    private IEnumerable<(string Name, string Value)> Variables(LaunchPlan plan, string work, string data)
    {
        yield return ("PATH", options.DotnetRoot is { } root ? $"{root}:{options.Path}" : options.Path);
        yield return ("HOME", work);
        yield return ("TMPDIR", InstanceFolders.Temporary(work));
        yield return ("LANG", "C.UTF-8");
        yield return ("PORT", $"{plan.Port}");
        yield return ("MINTMARK", $"{plan.Mark}");
        yield return ("MINTMARK_DATA", data);
        // What OpenTelemetry's libraries report of themselves, in whatever language.
        yield return ("OTEL_SERVICE_NAME", $"{plan.Mark.Service}");
        yield return ("OTEL_RESOURCE_ATTRIBUTES", $"service.version={plan.Mark},service.instance.id={plan.Instance}");
        yield return (ProcessTable.Variable, ProcessTable.Tag(options.HomeId, plan.Instance));
        if (options.DotnetRoot is { } dotnet)
            yield return ("DOTNET_ROOT", dotnet);
        yield return ("DOTNET_NOLOGO", "1");
        yield return ("DOTNET_CLI_TELEMETRY_OPTOUT", "1");
        yield return ("DOTNET_GCHeapHardLimit", MemoryLimit.DotnetHeap(plan.Run.MemoryBytes));
    }

    /// <summary>Only root may go above the limit that it was started with.</summary>
    private static long OpenFiles(long wanted) => Kernel.IsRoot ? wanted : Math.Min(wanted, Kernel.OpenFilesLimit());
}
