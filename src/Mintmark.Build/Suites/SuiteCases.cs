using System.Xml;
using Mintmark.Releases;

namespace Mintmark.Build;

/// <param name="FailedNames">In the order of the file, at most <see cref="MostNames"/>.</param>
/// <param name="Cases">Each once, by id; what the file has several times came to the worst of it.</param>
internal sealed record SuiteCases(
    int Passed,
    int Failed,
    int Skipped,
    IReadOnlyList<string> FailedNames,
    IReadOnlyList<RanCase> Cases
)
{
    public const int MostNames = 20;
    public const long LargestFile = 64L << 20;

    private const int LongestName = 200;

    /// <summary>
    /// Reads JUnit XML or Visual Studio TRX. Test results are written by the code under test, so the reader takes no
    /// document type, no entities and no more than <see cref="LargestFile"/>.
    /// </summary>
    /// <exception cref="InvalidResultsException">Neither, or cut off.</exception>
    public static SuiteCases Read(Stream xml)
    {
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = LargestFile,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
        };
        try
        {
            using var reader = XmlReader.Create(xml, settings);
            reader.MoveToContent();
            return reader.LocalName switch
            {
                "testsuites" or "testsuite" => JUnitCases.Read(reader).Total(),
                "TestRun" => TrxCases.Read(reader).Total(),
                var other => throw new InvalidResultsException(
                    $"<{Short(other)}> begins neither JUnit nor TRX results"
                ),
            };
        }
        catch (XmlException wrong)
        {
            throw new InvalidResultsException($"no XML: {Short(wrong.Message)}");
        }
    }

    private static string Short(string text)
    {
        var line = LogLines.Clean(text);
        return line.Length <= LongestName ? line : line[..LongestName] + "…";
    }

    /// <summary>Counts each entry of a file, and knows each case once.</summary>
    internal sealed class Counter
    {
        private const int MostCases = 100_000;

        private readonly int[] counts = new int[3];
        private readonly List<string> failed = [];
        private readonly Dictionary<string, RanCase> cases = new(StringComparer.Ordinal);

        public void Add(RanCase one)
        {
            counts[IndexOf(one.Result)]++;
            if (one.Result == CaseResult.Failed && failed.Count < MostNames)
                failed.Add(Short(one.Id));
            cases[one.Id] = cases.TryGetValue(one.Id, out var known) ? Both(known, one) : one;
            if (cases.Count > MostCases)
                throw new InvalidResultsException($"more than {MostCases:N0} cases");
        }

        public SuiteCases Total() => new(counts[0], counts[1], counts[2], failed, [.. cases.Values]);

        private static int IndexOf(CaseResult result) =>
            result switch
            {
                CaseResult.Failed => 1,
                CaseResult.Skipped => 2,
                _ => 0,
            };

        private static RanCase Both(RanCase a, RanCase b) =>
            a with
            {
                Result = a.Result > b.Result ? a.Result : b.Result,
                Milliseconds = a.Milliseconds + b.Milliseconds,
                Verifies = [.. a.Verifies.Union(b.Verifies)],
                Labels = [.. a.Labels.Union(b.Labels)],
            };
    }
}

public sealed class InvalidResultsException(string message) : Exception(message);
