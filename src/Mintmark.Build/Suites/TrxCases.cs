using System.Globalization;
using System.Xml;
using Mintmark.Releases;

namespace Mintmark.Build;

/// <summary>
/// Visual Studio TRX: each <c>UnitTestResult</c> is a case; an outcome that is neither passed nor "not run" is a
/// failure. Classes, traits and categories are in the definitions, which come after the results.
/// </summary>
internal static class TrxCases
{
    /// <param name="reader">Stands on the first element.</param>
    public static SuiteCases.Counter Read(XmlReader reader)
    {
        var results = new List<(string? TestId, string Name, CaseResult Result, long Milliseconds)>();
        var definitions = new Dictionary<string, Definition>(StringComparer.OrdinalIgnoreCase);
        while (reader.Read())
        {
            if (reader.NodeType != XmlNodeType.Element)
                continue;
            if (reader.LocalName == "UnitTestResult")
                results.Add(
                    (
                        reader.GetAttribute("testId"),
                        reader.GetAttribute("testName") ?? "",
                        ResultOf(reader.GetAttribute("outcome")),
                        Took(reader.GetAttribute("duration"))
                    )
                );
            else if (reader.LocalName == "UnitTest" && reader.GetAttribute("id") is { } id)
                definitions[id] = Define(reader);
        }
        var count = new SuiteCases.Counter();
        foreach (var (testId, name, result, milliseconds) in results)
        {
            var known = testId is null ? null : definitions.GetValueOrDefault(testId);
            count.Add(
                new RanCase(
                    CaseWords.IdOf(known?.Class, name),
                    result,
                    milliseconds,
                    known?.Words.Verifies ?? [],
                    known?.Words.Labels ?? []
                )
            );
        }
        return count;
    }

    private static CaseResult ResultOf(string? outcome) =>
        outcome switch
        {
            "Passed" => CaseResult.Passed,
            "NotExecuted" or "Inconclusive" => CaseResult.Skipped,
            _ => CaseResult.Failed,
        };

    private static Definition Define(XmlReader reader)
    {
        var definition = new Definition();
        if (reader.IsEmptyElement)
            return definition;
        using var inner = reader.ReadSubtree();
        var (text, key) = ("", "");
        while (inner.Read())
        {
            if (inner.NodeType == XmlNodeType.Element)
            {
                text = "";
                if (inner.LocalName == "TestMethod" && inner.GetAttribute("className") is { } type)
                    definition.Class = type.Split(',')[0].Trim();
                else if (inner.LocalName == "TestCategoryItem" && inner.GetAttribute("TestCategory") is { } label)
                    definition.Words.AddLabel(label);
            }
            else if (inner.NodeType is XmlNodeType.Text or XmlNodeType.CDATA)
            {
                text = inner.Value;
            }
            else if (inner.NodeType == XmlNodeType.EndElement && inner.LocalName == "Key")
            {
                key = text.Trim();
            }
            else if (inner.NodeType == XmlNodeType.EndElement && inner.LocalName == "Value")
            {
                definition.Words.Add(key, text);
            }
        }
        return definition;
    }

    private static long Took(string? duration) =>
        TimeSpan.TryParse(duration, CultureInfo.InvariantCulture, out var took) ? (long)took.TotalMilliseconds : 0;

    private sealed class Definition
    {
        public string? Class { get; set; }
        public CaseWords Words { get; } = new();
    }
}
