using System.Globalization;

namespace Mintmark.Log;

/// <summary>Which tile of a tree: as c2sp.org/tlog-tiles names it, <c>&lt;L&gt;/&lt;N&gt;[.p/&lt;W&gt;]</c>.</summary>
/// <param name="Level">0 to 7; a hash of it is over 256 to its power of entries.</param>
/// <param name="Width">How many hashes; 256 where the tile is full.</param>
public readonly record struct TileName(int Level, long Number, int Width)
{
    public const int FullWidth = Tile.Width;

    /// <summary>Of a binary tree: 256 is two to its power.</summary>
    internal const int LevelsATile = 8;

    const int MaxLevel = 7;
    const int GroupLength = 3;
    const long GroupSize = 1000;
    const int MaxGroups = 6;

    public bool IsFull => Width == FullWidth;

    /// <summary>How many entries a tree has at least that has this tile.</summary>
    public long End => (Number * FullWidth + Width) << (LevelsATile * Level);

    /// <summary>The one way to write it, of a tile that a tree of less than 2^63 entries can have.</summary>
    /// <param name="level">A level, or <c>entries</c>, which is as 0.</param>
    /// <param name="rest"><c>x001/x234/067</c> or <c>x001/x234/067.p/12</c>.</param>
    public static TileName? Parse(string level, string rest)
    {
        if (level != "entries" && (level is not [>= '0' and <= '9'] || level[0] - '0' > MaxLevel))
            return null;
        var height = level == "entries" ? 0 : level[0] - '0';
        var parts = rest.Split(".p/");
        if (parts.Length > 2 || NumberOf(parts[0]) is not { } number)
            return null;
        var width = parts.Length == 1 ? FullWidth : PartialWidth(parts[1]);
        var mostHashes = long.MaxValue >> (LevelsATile * height);
        if (width is not { } hashes || ((Int128)number * FullWidth) + hashes > mostHashes)
            return null;
        var name = new TileName(height, number, hashes);
        return Tile.PathOf(level, number, hashes) == $"tile/{level}/{rest}" ? name : null;
    }

    static long? NumberOf(string path)
    {
        var groups = path.Split('/', MaxGroups + 1);
        var number = 0L;
        if (groups.Length > MaxGroups)
            return null;
        foreach (var group in groups)
        {
            var digits = group.StartsWith('x') ? group[1..] : group;
            if (digits.Length != GroupLength || !TryDecimal(digits, out var value))
                return null;
            number = number * GroupSize + value;
        }
        return number;
    }

    static int? PartialWidth(string text) =>
        TryDecimal(text, out var width) && width is > 0 and < FullWidth ? width : null;

    static bool TryDecimal(string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
