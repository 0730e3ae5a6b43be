namespace Mintmark.Gateway;

/// <summary>
/// Whose word is taken for who calls. The key of a client decides its version, so who may choose keys may choose one.
/// </summary>
public enum ClientHeader
{
    /// <summary>Programs of this machine, such as a proxy that knows its clients.</summary>
    Loopback,

    Anybody,

    Nobody,
}
