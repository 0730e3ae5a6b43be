using System.Xml;
using Mintmark.Releases;

namespace Mintmark.Build;

/// <summary>
/// JUnit XML: each <c>testcase</c> is a case; <c>failure</c>, <c>error</c> and <c>skipped</c> inside say how it went,
/// <c>flakyFailure</c> and <c>flakyError</c> that it passed when tried again, and <c>property</c> what it verifies.
/// </summary>
internal static class JUnitCases
{
    /// <param name="reader">Stands on the first element.</param>
    public static SuiteCases.Counter Read(XmlReader reader)
    {
        var count = new SuiteCases.Counter();
        Open? open = null;
        do
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element when reader.LocalName == "testcase":
                    open = new Open(
                        CaseWords.IdOf(reader.GetAttribute("classname"), reader.GetAttribute("name") ?? ""),
                        CaseWords.Milliseconds(reader.GetAttribute("time"))
                    );
                    if (reader.IsEmptyElement)
                        count.Add(Close(ref open));
                    break;
                case XmlNodeType.Element:
                    open?.Enter(reader);
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA:
                    open?.Hear(reader.Value);
                    break;
                case XmlNodeType.EndElement when reader.LocalName == "testcase" && open is not null:
                    count.Add(Close(ref open));
                    break;
                case XmlNodeType.EndElement:
                    open?.Leave();
                    break;
                default:
                    break;
            }
        } while (reader.Read());
        return count;
    }

    private static RanCase Close(ref Open? open)
    {
        var done = open!;
        open = null;
        return new(done.Id, done.Result, done.Milliseconds, done.Words.Verifies, done.Words.Labels);
    }

    private sealed class Open(string id, long milliseconds)
    {
        private string? property;

        public string Id { get; } = id;
        public long Milliseconds { get; } = milliseconds;
        public CaseWords Words { get; } = new();
        public CaseResult Result { get; private set; } = CaseResult.Passed;

        public void Enter(XmlReader reader)
        {
            Result = reader.LocalName switch
            {
                "failure" or "error" => CaseResult.Failed,
                "flakyFailure" or "flakyError" when Result != CaseResult.Failed => CaseResult.Retried,
                "skipped" when Result == CaseResult.Passed => CaseResult.Skipped,
                _ => Result,
            };
            property = null;
            if (reader.LocalName != "property" || reader.GetAttribute("name") is not { } name)
                return;
            if (reader.GetAttribute("value") is { } value)
                Words.Add(name, value);
            else if (!reader.IsEmptyElement)
                property = name;
        }

        /// <summary>A property's value may be its text.</summary>
        public void Hear(string text)
        {
            if (property is { } name)
                Words.Add(name, text);
        }

        public void Leave() => property = null;
    }
}
