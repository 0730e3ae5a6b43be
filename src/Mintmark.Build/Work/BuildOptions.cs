namespace Mintmark.Build;

/// <summary>Who runs the commands of a build where the control plane itself is root.</summary>
public sealed record BuildUser(uint Uid, uint Gid);

/// <param name="Home">The control plane's folder; nobody else builds under it.</param>
/// <param name="User">Null runs commands as whoever runs the control plane.</param>
/// <param name="Ambient">The control plane's own environment, of which a build sees what is listed in
/// <see cref="BuildEnvironment"/>.</param>
/// <param name="PackageCache">NuGet packages on this machine, offered to builds read-only; null for none.</param>
public sealed record BuildOptions(
    string Home,
    BuildUser? User,
    IReadOnlyDictionary<string, string> Ambient,
    string? PackageCache = null
)
{
    /// <summary>What is kept of the output of each command.</summary>
    public long LogBytes { get; init; } = 64L << 20;

    /// <summary>Whose signatures of commits this home trusts, as ssh-keygen(1) reads it; it may be missing.</summary>
    public string AllowedSigners => Path.Combine(Home, "allowed-signers");

    /// <summary>OpenPGP keys whose signatures of commits this home trusts, in armor or binary; it may be
    /// missing.</summary>
    public string TrustedKeys => Path.Combine(Home, "trusted-keys");

    /// <summary>Where digests of programs are kept.</summary>
    public string ToolDigests => Path.Combine(Home, "tool-digests");

    public TimeSpan CheckoutLimit { get; init; } = TimeSpan.FromMinutes(10);
}
