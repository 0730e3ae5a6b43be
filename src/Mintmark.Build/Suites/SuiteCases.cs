using System.Xml;

namespace Mintmark.Build;

/// <param name="FailedNames">In the order of the file, at most <see cref="MostNames"/>.</param>
internal sealed record SuiteCases(int Passed, int Failed, int Skipped, IReadOnlyList<string> FailedNames)
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
                "testsuites" or "testsuite" => JUnit(reader),
                "TestRun" => Trx(reader),
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

    /// <summary>Each testcase element is a case; failure, error and skipped inside it say how it went.</summary>
    private static SuiteCases JUnit(XmlReader reader)
    {
        var count = new Counter();
        var (name, outcome) = ("", Outcome.Passed);
        do
        {
            if (reader.NodeType == XmlNodeType.Element && reader.LocalName == "testcase")
            {
                (name, outcome) = (JUnitName(reader), Outcome.Passed);
                if (reader.IsEmptyElement)
                    count.Add(name, outcome);
            }
            else if (reader.NodeType == XmlNodeType.Element)
            {
                outcome = reader.LocalName switch
                {
                    "failure" or "error" => Outcome.Failed,
                    "skipped" when outcome == Outcome.Passed => Outcome.Skipped,
                    _ => outcome,
                };
            }
            else if (reader.NodeType == XmlNodeType.EndElement && reader.LocalName == "testcase")
            {
                count.Add(name, outcome);
            }
        } while (reader.Read());
        return count.Total();
    }

    /// <summary>Each UnitTestResult is a case; an outcome that is neither passed nor "not run" is a failure.</summary>
    private static SuiteCases Trx(XmlReader reader)
    {
        var count = new Counter();
        while (reader.Read())
        {
            if (reader.NodeType != XmlNodeType.Element || reader.LocalName != "UnitTestResult")
                continue;
            var outcome = reader.GetAttribute("outcome") switch
            {
                "Passed" => Outcome.Passed,
                "NotExecuted" or "Inconclusive" => Outcome.Skipped,
                _ => Outcome.Failed,
            };
            count.Add(reader.GetAttribute("testName") ?? "", outcome);
        }
        return count.Total();
    }

    private static string JUnitName(XmlReader reader)
    {
        var (type, name) = (reader.GetAttribute("classname"), reader.GetAttribute("name") ?? "");
        return string.IsNullOrEmpty(type) || name.StartsWith(type, StringComparison.Ordinal) ? name : $"{type}.{name}";
    }

    private static string Short(string text)
    {
        var line = LogLines.Clean(text);
        return line.Length <= LongestName ? line : line[..LongestName] + "…";
    }

    private enum Outcome
    {
        Passed,
        Failed,
        Skipped,
    }

    private sealed class Counter
    {
        private readonly int[] counts = new int[3];
        private readonly List<string> failed = [];

        public void Add(string name, Outcome outcome)
        {
            counts[(int)outcome]++;
            if (outcome == Outcome.Failed && failed.Count < MostNames)
                failed.Add(Short(name));
        }

        public SuiteCases Total() =>
            new(counts[(int)Outcome.Passed], counts[(int)Outcome.Failed], counts[(int)Outcome.Skipped], failed);
    }
}

public sealed class InvalidResultsException(string message) : Exception(message);
