using System.Text;

namespace Mintmark.Tests.Log;

/// <summary>Seeded changes to what somebody wrote: flips, cuts, repetitions, swaps, numbers at their limits.</summary>
sealed class Mutations(int seed)
{
    static readonly string[] Pieces =
    [
        "\n",
        "\n\n",
        "—",
        "— ",
        " ",
        "+",
        "=",
        "0",
        "-1",
        "9223372036854775807",
        "18446744073709551616",
        "\0",
        "\uFFFD",
        "../",
        "AAAA",
        new string('A', 5_000),
        new string('\n', 200),
    ];

    readonly Random random = new(seed);

    public byte[] Of(byte[] good)
    {
        var bytes = good.ToList();
        for (var changes = 1 + random.Next(3); changes > 0; changes--)
            Change(bytes);
        return [.. bytes];
    }

    public string Of(string good) => Encoding.UTF8.GetString(Of(Encoding.UTF8.GetBytes(good)));

    void Change(List<byte> bytes)
    {
        var at = random.Next(bytes.Count + 1);
        var length = Math.Min(random.Next(80), bytes.Count - at);
        switch (random.Next(6))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes.RemoveRange(at, length);
                break;
            case 2:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 3:
                bytes.InsertRange(at, Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)]));
                break;
            case 4:
                var moved = bytes.GetRange(at, length);
                bytes.RemoveRange(at, length);
                bytes.InsertRange(random.Next(bytes.Count + 1), moved);
                break;
            default:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
        }
    }
}
