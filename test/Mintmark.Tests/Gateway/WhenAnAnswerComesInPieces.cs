using System.Text;
using Mintmark.Gateway.Plain;
using Xunit;

namespace Mintmark.Tests.Gateway;

public sealed class WhenAnAnswerComesInPieces
{
    [Fact]
    public void AHeadReadsTheSameByteForByte()
    {
        var bytes = "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nX-A: 1\r\nX-B:\r\nConnection: X-A, close\r\n\r\nrest"u8;
        var head = new AnswerHead();

        for (var i = 0; i < bytes.Length - 4; i++)
            Assert.Equal(i == bytes.Length - 4, head.Parse(bytes[..i], toHead: false));

        Assert.True(head.Parse(bytes, toHead: false));
        Assert.Equal((200, 7L, Framing.Length), (head.Status, head.Length, head.Framing));
        Assert.Equal(bytes.Length - 4, head.Taken);
        Assert.Equal(["X-A", "X-B"], head.Fields.ToArray().Select(f => Text(f.Name)));
        Assert.Equal(["1", ""], head.Fields.ToArray().Select(f => Text(f.Value)));
        Assert.True(head.IsNominated("x-a"));
        Assert.False(head.IsNominated("x-b"));
        Assert.False(head.StaysOpen);
    }

    [Fact]
    public void ChunksReadTheSameWhereverTheyAreCut()
    {
        var bytes = "3;x=y\r\nabc\r\n00a\r\n0123456789\r\n0\r\nT: 1\r\n\r\nnext"u8.ToArray();
        for (var first = 0; first <= bytes.Length; first++)
        {
            for (var second = first; second <= bytes.Length; second++)
            {
                var (chunks, content, at) = (new Chunks(), new StringBuilder(), 0);
                foreach (var come in new[] { first, second, bytes.Length })
                {
                    int taken;
                    do
                    {
                        content.Append(Encoding.ASCII.GetString(chunks.Read(bytes.AsSpan(at..come), out taken)));
                        at += taken;
                    } while (taken > 0);
                }
                Assert.True(chunks.IsDone);
                Assert.Equal("abc0123456789", content.ToString());
                Assert.Equal(bytes.Length - "next".Length, at);
            }
        }
    }

    static string Text(Range place) =>
        "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nX-A: 1\r\nX-B:\r\nConnection: X-A, close\r\n\r\nrest"[place];
}
