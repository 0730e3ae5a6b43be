namespace Mintmark.Gateway.Plain;

/// <summary>How an answer's end is known (RFC 9112, section 6.3).</summary>
enum Framing
{
    /// <summary>No body follows.</summary>
    None,

    /// <summary>As many bytes as Content-Length says.</summary>
    Length,

    Chunked,

    /// <summary>All until the instance closes the connection.</summary>
    UntilClose,
}
