using System.Globalization;
using System.Text.RegularExpressions;

namespace Mintmark.Evidence;

/// <summary>
/// Where a team has its advisories fetched from, as the file <c>advisories.url</c> of the home says: an address a line,
/// of a zip file as osv.dev hands them out or of a folder that has one for each ecosystem, and <c>every 6h</c> where it
/// is to be fetched without being asked.
/// </summary>
/// <param name="Every">Null where it is fetched only when somebody asks.</param>
public sealed partial record MirrorPlan(IReadOnlyList<Uri> Addresses, TimeSpan? Every)
{
    public const string FileName = "advisories.url";

    private const int LargestFile = 64 << 10;
    private const int MostAddresses = 20;

    private static readonly TimeSpan Least = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Most = TimeSpan.FromDays(30);

    /// <summary>Null where there is no such file.</summary>
    /// <exception cref="MaterialsException">It makes no sense.</exception>
    public static MirrorPlan? Read(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            return null;
        return file.Length <= LargestFile
            ? Parse(File.ReadAllBytes(path))
            : throw new MaterialsException(FileName, "as a whole", $"accepted: up to {LargestFile} bytes");
    }

    internal static MirrorPlan Parse(byte[] bytes)
    {
        var (addresses, every) = (new List<Uri>(), (TimeSpan?)null);
        foreach (var (line, number) in PlainLines.Of(FileName, bytes).Select((l, i) => (l.Trim(), i + 1)))
        {
            if (line.Length == 0 || line.StartsWith('#'))
                continue;
            if (line.StartsWith("every ", StringComparison.Ordinal))
                every = EveryOf(line, number);
            else
                addresses.Add(AddressOf(line, number));
        }
        return addresses.Count is > 0 and <= MostAddresses
            ? new MirrorPlan(addresses, every)
            : throw new MaterialsException(
                FileName,
                "as a whole",
                $"accepted: 1 to {MostAddresses} addresses, a line each"
            );
    }

    /// <summary>Without what may be secret in it.</summary>
    public static string Shown(Uri address) => address.GetLeftPart(UriPartial.Path);

    private static Uri AddressOf(string line, int number) =>
        Uri.TryCreate(line, UriKind.Absolute, out var address)
        && (address.Scheme == "https" || (address.Scheme == "http" && address.IsLoopback))
        && address.UserInfo.Length == 0
            ? address
            : throw new MaterialsException(
                FileName,
                $"line {number}",
                "accepted: an https address without a password in it (http on this machine), or every 6h"
            );

    private static TimeSpan EveryOf(string line, int number)
    {
        if (Schedule().Match(line) is { Success: true } match && int.TryParse(match.Groups["n"].ValueSpan, out var n))
        {
            var every = match.Groups["unit"].Value switch
            {
                "m" => TimeSpan.FromMinutes(n),
                "h" => TimeSpan.FromHours(n),
                _ => TimeSpan.FromDays(n),
            };
            if (every >= Least && every <= Most)
                return every;
        }
        throw new MaterialsException(
            FileName,
            $"line {number}",
            string.Create(CultureInfo.InvariantCulture, $"accepted: every 15m to every {Most.TotalDays}d")
        );
    }

    [GeneratedRegex(@"^every +(?<n>[0-9]{1,4})(?<unit>[mhd])\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Schedule();
}
