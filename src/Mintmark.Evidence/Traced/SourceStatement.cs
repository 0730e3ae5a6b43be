using System.Text.Json.Nodes;
using Mintmark.Releases;

namespace Mintmark.Evidence;

/// <summary>
/// From which commits and for which requirements a version was made. There is no common predicate for this;
/// docs/evidence.md describes ours. It names no people.
/// </summary>
internal static class SourceStatement
{
    public const string FileName = "source.intoto.json";
    public const string PredicateType = "urn:mintmark:source:1";

    public static JsonObject Of(BuiltVersion version, SourceLinks links) =>
        Statement.Of(
            version.Mark,
            version.Artifact,
            PredicateType,
            new JsonObject
            {
                ["commit"] = version.Source.Commit,
                ["tree"] = version.Source.Tree,
                ["committerIsAuthor"] = links.Facts.CommitterIsAuthor,
                ["signature"] = Signature(links.Facts.Signature),
                ["branches"] = Statement.Texts(links.Facts.Branches),
                ["since"] = links.Facts.Since,
                ["commits"] = Statement.List(
                    links.Commits.Select(c => new JsonObject
                    {
                        ["commit"] = c.Commit,
                        ["requirements"] = Statement.Texts(c.Ids),
                    })
                ),
                ["requirements"] = Statement.List(links.Ids.Select(id => Requirement(id, links.Titles))),
            }
        );

    private static JsonObject Signature(CommitSignature signature)
    {
        var json = new JsonObject { ["state"] = signature.State.ToString().ToLowerInvariant() };
        if (signature.Key is { } key)
            json["key"] = key;
        return json;
    }

    private static JsonObject Requirement(string id, IReadOnlyDictionary<string, string>? titles)
    {
        var json = new JsonObject { ["id"] = id };
        if (titles is not null)
            json["known"] = titles.ContainsKey(RequirementsFile.Key(id));
        if (titles?.GetValueOrDefault(RequirementsFile.Key(id)) is { Length: > 0 } title)
            json["title"] = title;
        return json;
    }
}
