using System.Collections;
using System.Numerics;
using System.Text.Json.Serialization;

namespace Mintmark.Releases;

public static class ByName
{
    /// <exception cref="ArgumentException">A name is there twice.</exception>
    public static ByName<T> Of<T>(params ReadOnlySpan<(string Name, T Number)> numbers)
        where T : struct, INumber<T> => ByName<T>.From(numbers);

    /// <summary>The greater number of each name.</summary>
    public static ByName<T> Greatest<T>(ByName<T> a, ByName<T> b)
        where T : struct, INumber<T> => a.Greatest(b);
}

/// <summary>
/// A few numbers, each with a name, in the order of the names. Two with the same names and numbers are equal. A name
/// that is not there counts as zero.
/// </summary>
[JsonConverter(typeof(ByNameConverters))]
public sealed class ByName<T> : IReadOnlyCollection<KeyValuePair<string, T>>, IEquatable<ByName<T>>
    where T : struct, INumber<T>
{
    public static readonly ByName<T> Empty = new([]);

    private readonly KeyValuePair<string, T>[] _sorted;

    private ByName(KeyValuePair<string, T>[] sorted) => _sorted = sorted;

    public int Count => _sorted.Length;

    public T this[string name] => Find(name) ?? T.Zero;

    public T? Find(string name)
    {
        foreach (var (known, number) in _sorted)
        {
            if (known == name)
                return number;
        }
        return null;
    }

    public static ByName<T> operator +(ByName<T> a, ByName<T> b) => Merge(a, b, (x, y) => x + y);

    internal static ByName<T> From(params ReadOnlySpan<(string Name, T Number)> numbers)
    {
        if (numbers.IsEmpty)
            return Empty;
        var sorted = new KeyValuePair<string, T>[numbers.Length];
        for (var i = 0; i < sorted.Length; i++)
            sorted[i] = new(numbers[i].Name, Normal(numbers[i].Number));
        if (AreAscending(sorted))
            return new(sorted);
        Array.Sort(sorted, (a, b) => string.CompareOrdinal(a.Key, b.Key));
        return AreAscending(sorted)
            ? new(sorted)
            : throw new ArgumentException("a name is there twice", nameof(numbers));
    }

    internal ByName<T> Greatest(ByName<T> other) => Covers(other, this) ? other : Merge(this, other, T.Max);

    public ByName<T> WithoutZeros()
    {
        foreach (var (_, number) in _sorted)
        {
            if (T.IsZero(number))
                return new([.. _sorted.Where(n => !T.IsZero(n.Value))]);
        }
        return this;
    }

    public bool Equals(ByName<T>? other) => other is not null && _sorted.AsSpan().SequenceEqual(other._sorted);

    public override bool Equals(object? obj) => Equals(obj as ByName<T>);

    public override int GetHashCode() => _sorted.Aggregate(0, (hash, n) => HashCode.Combine(hash, n.Key, n.Value));

    public override string ToString() => string.Join(", ", _sorted.Select(n => $"{n.Key} {n.Value}"));

    public IEnumerator<KeyValuePair<string, T>> GetEnumerator() => _sorted.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static bool AreAscending(ReadOnlySpan<KeyValuePair<string, T>> numbers)
    {
        for (var i = 1; i < numbers.Length; i++)
        {
            if (string.CompareOrdinal(numbers[i - 1].Key, numbers[i].Key) >= 0)
                return false;
        }
        return true;
    }

    /// <summary>The same names, each with a number at least as great.</summary>
    private static bool Covers(ByName<T> greater, ByName<T> lesser)
    {
        if (greater.Count < lesser.Count)
            return false;
        var at = 0;
        foreach (var (name, number) in lesser._sorted)
        {
            while (at < greater.Count && greater._sorted[at].Key != name)
                at++;
            if (at == greater.Count || greater._sorted[at].Value < number)
                return false;
        }
        return true;
    }

    /// <summary>Without zeros behind the point, so that equal amounts are written alike.</summary>
    private static T Normal(T number) =>
        number is decimal amount ? (T)(object)(amount / 1.0000000000000000000000000000m) : number;

    private static ByName<T> Merge(ByName<T> a, ByName<T> b, Func<T, T, T> both)
    {
        if (a.Count == 0 || b.Count == 0)
            return a.Count == 0 ? b : a;
        var merged = new List<KeyValuePair<string, T>>(Math.Max(a.Count, b.Count));
        var (i, j) = (0, 0);
        while (i < a.Count || j < b.Count)
        {
            var order =
                i == a.Count ? 1
                : j == b.Count ? -1
                : string.CompareOrdinal(a._sorted[i].Key, b._sorted[j].Key);
            if (order < 0)
                merged.Add(a._sorted[i++]);
            else if (order > 0)
                merged.Add(b._sorted[j++]);
            else
                merged.Add(new(a._sorted[i].Key, Normal(both(a._sorted[i++].Value, b._sorted[j++].Value))));
        }
        return new([.. merged]);
    }
}
