using System.Globalization;
using System.Security.Cryptography;
using Mintmark.Releases;

namespace Mintmark.Evidence;

/// <summary>Reads the report on a model's validation, and looks for the model in the output.</summary>
public static class ValidationReport
{
    private const long LargestFile = 4L << 20;
    private const int MostListed = 1_000;

    /// <summary>Null where the manifest names none.</summary>
    /// <exception cref="MaterialsException">The report is no such report.</exception>
    /// <exception cref="IOException">It or the model cannot be read.</exception>
    public static ValidationSummary? Of(IEnumerable<BuiltFile> built, Manifest manifest)
    {
        if (manifest.Validation is not { } plan)
            return null;
        var files = built.ToList();
        var report =
            files.Find(f => f.Path == plan.Report)
            ?? throw new MaterialsException(plan.Report, "as a whole", "the checkout has no such file");
        if (report.Bytes > LargestFile)
            throw new MaterialsException(plan.Report, "as a whole", $"accepted: up to {LargestFile} bytes");
        var bytes = File.ReadAllBytes(report.OnDisk);
        return Read(plan.Report, bytes, model => DigestOf(files.Find(f => f.Path == BuiltFile.Output + model)));
    }

    /// <param name="found">Digest of a file of the artifact; null where it has none of that name.</param>
    internal static ValidationSummary Read(string name, byte[] bytes, Func<string, string?> found)
    {
        var root = Json.Parse(name, bytes);
        var model = root.Require("model");
        var file = model.Require("file").Text();
        var outcomes = Outcomes(root.Require("adverseOutcomes"));
        return new ValidationSummary(
            name,
            $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}",
            file,
            Digest(model.Require("digest")),
            found(file),
            Person(root.Require("validator")),
            Date(root.Require("date")),
            root.Require("metrics").Members().Take(MostListed).Count(),
            outcomes.Count(o => o.HasReason),
            [.. outcomes.Where(o => !o.HasReason).Select(o => o.Outcome).Take(ValidationSummary.MostNamed)]
        );
    }

    private static List<(string Outcome, bool HasReason)> Outcomes(Json list) =>
        [
            .. list.Items()
                .Take(MostListed)
                .Select(o => (o.Require("outcome").Word(), o.Find("reasonCode")?.Text().Trim().Length > 0)),
        ];

    private static string Digest(Json json)
    {
        var text = json.Text();
        return
            text.Length == 71
            && text.StartsWith("sha256:", StringComparison.Ordinal)
            && text[7..].All(char.IsAsciiHexDigitLower)
            ? text
            : throw json.Wrong("accepted: sha256: and 64 hexadecimal digits in lower case");
    }

    private static PersonName Person(Json json) =>
        PersonName.TryParse(json.Text(), null, out var name) ? name : throw json.Wrong(PersonName.Accepted);

    private static DateOnly Date(Json json) =>
        DateOnly.TryParseExact(json.Text(), "yyyy-MM-dd", CultureInfo.InvariantCulture, default, out var date)
            ? date
            : throw json.Wrong("accepted: a day such as 2026-03-31");

    private static string? DigestOf(BuiltFile? file)
    {
        if (file is null)
            return null;
        using var content = File.OpenRead(file.OnDisk);
        return $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";
    }
}
