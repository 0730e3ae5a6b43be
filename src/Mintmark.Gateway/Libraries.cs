using System.Reflection;

namespace Mintmark.Gateway;

/// <summary>
/// Libraries that are used only once somebody comes. Each takes a descriptor as it is loaded, and .NET does not try
/// again to load one that it could not: where none is left at that moment, whoever needs it would get no answer any
/// more.
/// </summary>
static class Libraries
{
    private static readonly string[] Late =
    [
        "Microsoft.AspNetCore.Http.Features",
        "Microsoft.AspNetCore.Metadata",
        "Microsoft.AspNetCore.WebUtilities",
        "Microsoft.Extensions.Validation",
        "Mintmark.Watch",
        "System.Collections.Immutable",
        "System.Diagnostics.StackTrace",
        "System.IO.Compression",
        "System.IO.MemoryMappedFiles",
        "System.Net.NameResolution",
        "System.Net.WebSockets",
        "System.Numerics.Vectors",
        "System.Reflection.Metadata",
        "System.Security.Claims",
        "System.Text.Encoding.Extensions",
        "System.Text.Encodings.Web",
        "System.Text.RegularExpressions",
    ];

    public static void Load()
    {
        foreach (var name in Late)
            Assembly.Load(name);
    }
}
