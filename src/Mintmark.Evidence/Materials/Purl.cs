using System.Globalization;
using System.Text;

namespace Mintmark.Evidence;

/// <summary>Package URLs (github.com/package-url/purl-spec) of the ecosystems that are read.</summary>
internal static class Purl
{
    public static string Nuget(string name, string version) => $"pkg:nuget/{Escape(name)}@{Escape(version)}";

    public static string Npm(string? scope, string name, string version) =>
        scope is null
            ? $"pkg:npm/{Escape(name)}@{Escape(version)}"
            : $"pkg:npm/{Escape(scope)}/{Escape(name)}@{Escape(version)}";

    /// <param name="name">In its normal form.</param>
    public static string Pypi(string name, string version) => $"pkg:pypi/{Escape(name)}@{Escape(version)}";

    /// <param name="upstream">The source package, as <c>name@version</c> where its version is another.</param>
    public static string Debian(string system, string name, string version, string architecture, string? upstream)
    {
        var purl = $"pkg:deb/{Escape(system)}/{Escape(name)}@{Escape(version)}?arch={Escape(architecture)}";
        return upstream is null ? purl : $"{purl}&upstream={Escape(upstream)}";
    }

    public static string Oci(string name, string digest) => $"pkg:oci/{Escape(name)}@{Escape(digest)}";

    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            if (char.IsAsciiLetterOrDigit((char)b) || b is (byte)'.' or (byte)'-' or (byte)'_' or (byte)'~')
                escaped.Append((char)b);
            else
                escaped.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
        }
        return escaped.ToString();
    }
}
