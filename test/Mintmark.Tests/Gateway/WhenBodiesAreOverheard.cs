using Mintmark.Gateway.Shadows;
using Xunit;

namespace Mintmark.Tests.Gateway;

public sealed class WhenBodiesAreOverheard
{
    [Fact]
    public async Task TheyShareOneRoomAndGoOnWithoutIt()
    {
        var room = new Room(100);
        var (first, second, third) = (Body(60, room), Body(60, room), Body(60, room));

        Assert.Equal(60, await ReadAsync(first));
        Assert.Equal(60, await ReadAsync(second));
        Assert.Equal((60, null), (first.Whole?.Length, second.Whole));

        second.Forget();
        first.Forget();
        first.Forget();
        Assert.Equal(60, await ReadAsync(third));
        Assert.Equal(60, third.Whole?.Length);
        Assert.True(room.TryTake(40));
        Assert.False(room.TryTake(1));
    }

    static Overheard Body(int bytes, Room room) => new(new MemoryStream(new byte[bytes]), bytes, room);

    static async Task<int> ReadAsync(Overheard body)
    {
        var (all, buffer) = (0, new byte[25]);
        while (await body.ReadAsync(buffer) is var read and > 0)
            all += read;
        return all;
    }
}
