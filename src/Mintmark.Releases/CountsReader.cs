using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Mintmark.Releases;

/// <summary>
/// Reads reports of counts, which are most of a log: how fast they are read decides how fast a log is folded.
/// Whatever is not plainly of their canonical form is left to the general reader.
/// </summary>
internal static class CountsReader
{
    /// <summary>More than anybody has indicators, or currencies, that are worth a quick look.</summary>
    private const int MostNames = 32;

    public static Event? Read(ref PlainText text) =>
        text.Takes(",\"baseline\":"u8)
        && Tally(ref text, out var baseline)
        && text.Takes(",\"candidate\":"u8)
        && Tally(ref text, out var candidate)
        && text.Takes(",\"gateway\":\""u8)
        && text.Text(out string gateway)
        && text.Release(out var release)
        && text.Takes(",\"sequence\":"u8)
        && text.Number(out long sequence)
        && text.Takes(",\"step\":"u8)
        && text.Number(out int step)
            ? new Event.OutcomesReported(release, step, gateway, sequence, baseline, candidate)
            : null;

    /// <summary>Whole numbers by name, up to the end of their object.</summary>
    public static bool Counts(ref PlainText text, [NotNullWhen(true)] out ByName<long>? all) =>
        Named<long, Count>(ref text, out all);

    /// <summary>Decimals by name, up to the end of their object.</summary>
    public static bool Amounts(ref PlainText text, [NotNullWhen(true)] out ByName<decimal>? all) =>
        Named<decimal, Amount>(ref text, out all);

    private static bool Tally(ref PlainText text, out ArmTally tally)
    {
        tally = ArmTally.None;
        if (
            !text.Takes("{\"bad\":{"u8)
            || !Counts(ref text, out var bad)
            || !text.Takes(",\"errors\":"u8)
            || !text.Number(out long errors)
            || !Optional(ref text, ",\"probes\":"u8, out var probes)
            || !Optional(ref text, ",\"probesFailed\":"u8, out var probesFailed)
            || !text.Takes(",\"requests\":"u8)
            || !text.Number(out long requests)
            || !text.Takes(",\"units\":"u8)
            || !text.Number(out long units)
            || !text.Takes(",\"value\":{"u8)
            || !Amounts(ref text, out var value)
            || !text.Takes("}"u8)
        )
            return false;
        tally = new ArmTally(requests, units, errors, bad, value, probes, probesFailed);
        return true;
    }

    /// <summary>Zero where it is left out.</summary>
    private static bool Optional(ref PlainText text, ReadOnlySpan<byte> name, out long number)
    {
        number = 0;
        return !text.Takes(name) || text.Number(out number);
    }

    /// <summary>Names in ascending order with their numbers, up to the end of the object.</summary>
    private static bool Named<T, TNumber>(ref PlainText text, [NotNullWhen(true)] out ByName<T>? all)
        where T : struct, INumber<T>
        where TNumber : INumberText<T>
    {
        all = ByName<T>.Empty;
        if (text.Takes("}"u8))
            return true;
        var room = Room<T>.Numbers ??= new (string, T)[MostNames];
        var count = 0;
        do
        {
            if (count == MostNames || !text.Takes("\""u8) || !text.Text(out string name) || !text.Takes(":"u8))
                return false;
            if (!TNumber.Read(ref text, out var number))
                return false;
            room[count] = (name, number);
            if (count > 0 && string.CompareOrdinal(room[count - 1].Name, room[count].Name) >= 0)
                return false;
            count++;
        } while (text.Takes(","u8));
        all = ByName.Of<T>(room.AsSpan(0, count));
        return text.Takes("}"u8);
    }

    private interface INumberText<T>
    {
        static abstract bool Read(ref PlainText text, out T number);
    }

    private readonly struct Count : INumberText<long>
    {
        public static bool Read(ref PlainText text, out long number) => text.Number(out number);
    }

    private readonly struct Amount : INumberText<decimal>
    {
        public static bool Read(ref PlainText text, out decimal number)
        {
            number = 0;
            return text.Takes("\""u8) && text.Amount(out number);
        }
    }

    /// <summary>Where numbers are gathered before it is known how many there are.</summary>
    private static class Room<T>
    {
        [ThreadStatic]
        public static (string Name, T Number)[]? Numbers;
    }
}
