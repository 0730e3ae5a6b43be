using System.Net;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Mintmark.Log;

namespace Mintmark.Server;

/// <summary>
/// The folder that holds everything of one control plane. Its parts are readable by their owner alone.
/// </summary>
public sealed class Home
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Others may pass through but not look: instances run as users of their own.</summary>
    private const UnixFileMode PassThrough = OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>EWOULDBLOCK of Linux: what a lock says that another process holds.</summary>
    private const int WouldBlock = 11;

    /// <summary>PATH_MAX of Linux.</summary>
    private const int LongestPath = 4096;

    /// <summary>Name of the log in its checkpoints.</summary>
    public const string LogOrigin = "mintmark";

    public Home(string root) => Root = Resolved(Path.GetFullPath(root));

    /// <summary>Without links, as the system says of a process where it runs.</summary>
    public string Root { get; }
    public string Log => Path.Combine(Root, "log");
    public string LogFile => Path.Combine(Log, "log.db");
    public string LogKey => Path.Combine(Log, "key.pem");
    public string LogPublicKey => new Log.LogKeyFile(LogKey).PublicPath;

    /// <summary>The latest checkpoint that witnesses cosigned.</summary>
    public string Witnessed => Path.Combine(Log, "witnessed");

    /// <summary>Who wrote commits, as the log may not say it: these can be erased.</summary>
    public string Authors => Path.Combine(Root, "authors");

    /// <summary>What is kept of how versions were made, each file under its digest.</summary>
    public string Evidence => Path.Combine(Root, "evidence");

    /// <summary>Signs what the builder says of a version.</summary>
    public string BuilderKey => Path.Combine(Evidence, "builder.pem");

    /// <summary>Advisories that the team holds components against: a folder, or this name with .zip.</summary>
    public string Advisories => Path.Combine(Root, "advisories");

    /// <summary>Where the team has advisories fetched from.</summary>
    public string AdvisoryMirror => Path.Combine(Root, Mintmark.Evidence.MirrorPlan.FileName);

    /// <summary>What was fetched from there last.</summary>
    public string FetchedAdvisories => Path.Combine(Root, "advisories-fetched");

    /// <summary>The team's own table of until when products are supported.</summary>
    public string Support => Path.Combine(Root, Mintmark.Evidence.SupportTable.FileName);

    /// <summary>Statements that an advisory does not matter here.</summary>
    public string Vex => Path.Combine(Root, "vex");

    /// <summary>What the team laid over profiles: a file for each.</summary>
    public string Profiles => Path.Combine(Root, "profiles");

    private string People => Path.Combine(Root, "people");
    private string LogAddressFile => Path.Combine(Log, "postgres");
    public string Token => Path.Combine(Root, "token");
    public string Snapshot => Path.Combine(Root, "snapshots", "state.json");
    private string AddressFile => Path.Combine(Root, "addresses");
    public string Reserve => Path.Combine(Root, "reserve");
    public string Gateway => Path.Combine(Root, "gateway");

    /// <summary>A folder for each gateway beside the first.</summary>
    public string Gateways => Path.Combine(Root, "gateways");

    public string Instance(Releases.InstanceId id) => Path.Combine(Root, "instances", id.ToString());

    public string Build(Releases.ReleaseId id) => Path.Combine(Root, "builds", id.ToString());

    /// <summary>What a suite left when it last ran for a release.</summary>
    public string Results(Releases.ReleaseId id, string suite) => Path.Combine(Build(id), $"{suite}-results.xml");

    /// <summary>/var/lib/mintmark for root, else a folder of the user's own; $MINTMARK_HOME names another.</summary>
    public static Home Default()
    {
        if (Environment.GetEnvironmentVariable("MINTMARK_HOME") is { Length: > 0 } named)
            return new Home(named);
        if (Environment.IsPrivilegedProcess)
            return new Home("/var/lib/mintmark");
        var own = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        return new Home(Path.Combine(own, "mintmark"));
    }

    /// <summary>Makes what is missing and takes the lock.</summary>
    /// <returns>Holds the lock until disposed; the kernel lets go of it when the process ends, however it
    /// ends.</returns>
    /// <exception cref="HomeTakenException">Another control plane runs on this folder.</exception>
    public FileStream Take()
    {
        Directory.CreateDirectory(Root);
        File.SetUnixFileMode(Root, Environment.IsPrivilegedProcess ? PassThrough : OwnerOnly);
        Directory.CreateDirectory(Log, OwnerOnly);
        Directory.CreateDirectory(Gateway, OwnerOnly);
        FileStream held;
        try
        {
            held = new FileStream(Path.Combine(Root, "lock"), Private(FileMode.OpenOrCreate, FileAccess.ReadWrite));
        }
        catch (IOException taken) when (taken.HResult == WouldBlock)
        {
            throw new HomeTakenException(Root, taken);
        }
        held.SetLength(0);
        held.Write(System.Text.Encoding.ASCII.GetBytes($"{Environment.ProcessId}\n"));
        held.Flush();
        return held;
    }

    /// <summary>Tells this home's processes from those of another; made at the first start and never changed.</summary>
    public string Id() => OnceMade(Path.Combine(Root, "id"), 8);

    /// <summary>Leaves the addresses in use where clients on this machine look for them.</summary>
    public void Publish(Addresses addresses) =>
        Write(AddressFile, string.Concat(addresses.Gateways.Prepend(addresses.Api).Select(a => $"{a}\n")));

    /// <summary>
    /// The addresses of the control plane that runs, or ran last, on this home; null before the first.
    /// </summary>
    public Addresses? Published() =>
        File.Exists(AddressFile)
        && File.ReadAllLines(AddressFile) is [var api, var gateway, .. var more]
        && IPEndPoint.TryParse(api, out var atApi)
        && IPEndPoint.TryParse(gateway, out var atGateway)
        && more.All(a => IPEndPoint.TryParse(a, out _))
            ? new Addresses(atApi, atGateway) { More = [.. more.Select(IPEndPoint.Parse)] }
            : null;

    /// <summary>Where the log is in PostgreSQL; null where it is a file of this home.</summary>
    /// <exception cref="FormatException">The file that says so is damaged.</exception>
    public PostgresAddress? LogAddress() =>
        File.Exists(LogAddressFile) ? PostgresAddress.Parse(File.ReadAllText(LogAddressFile).Trim()) : null;

    /// <summary>For the commands that read the log by themselves, and for the next start.</summary>
    public void Remember(PostgresAddress log) => Write(LogAddressFile, log.Whole + "\n");

    /// <summary>Under which addresses in commits are digested: 256 random bits, made when first needed.</summary>
    public string AddressSecret()
    {
        Directory.CreateDirectory(People, OwnerOnly);
        return OnceMade(Path.Combine(People, "secret"), 32);
    }

    /// <summary>The bearer token of the API: 256 random bits, made at the first start.</summary>
    public string TokenText() => OnceMade(Token, 32);

    /// <summary>Of what is not there yet the part that is.</summary>
    private static string Resolved(string path)
    {
        var real = new byte[LongestPath];
        if (RealPath(path, real) != 0)
            return System.Text.Encoding.UTF8.GetString(real.AsSpan(0, Array.IndexOf(real, (byte)0)));
        return Path.GetDirectoryName(path) is { } parent
            ? Path.Combine(Resolved(parent), Path.GetFileName(path))
            : path;
    }

    [DllImport("libc", EntryPoint = "realpath")]
    private static extern nint RealPath([MarshalAs(UnmanagedType.LPUTF8Str)] string path, [Out] byte[] real);

    /// <summary>Random hex digits that are written once, whole or not at all.</summary>
    private static string OnceMade(string path, int bytes)
    {
        if (File.Exists(path))
            return File.ReadAllText(path).Trim();
        var text = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(bytes));
        Write(path, text + "\n");
        return text;
    }

    /// <summary>For the owner alone, and the whole text or none of it.</summary>
    private static void Write(string path, string text)
    {
        var aside = path + ".new";
        using (var file = new FileStream(aside, Private(FileMode.Create, FileAccess.Write)))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(text));
            file.Flush(flushToDisk: true);
        }
        File.Move(aside, path, overwrite: true);
    }

    private static FileStreamOptions Private(FileMode mode, FileAccess access) =>
        new()
        {
            Mode = mode,
            Access = access,
            Share = FileShare.None,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
}

public sealed class HomeTakenException(string home, Exception inner)
    : Exception(
        $"another control plane runs on {home} (or its lock file cannot be opened: {inner.Message}); stop that one "
            + "with 'mint down', or name another folder with --home",
        inner
    );
