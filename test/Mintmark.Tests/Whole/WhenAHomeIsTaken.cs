using Mintmark.Server;
using Xunit;

namespace Mintmark.Tests.Whole;

public sealed class WhenAHomeIsTaken : IDisposable
{
    readonly Home home = new(Directory.CreateTempSubdirectory("mintmark-home-").FullName);

    [Fact]
    public void ASecondControlPlaneIsToldSo()
    {
        using var first = home.Take();
        Assert.Throws<HomeTakenException>(() => home.Take().Dispose());
    }

    [Fact]
    public void AnotherFailureIsNotMistakenForIt()
    {
        Directory.CreateDirectory(Path.Combine(home.Root, "lock"));
        Assert.Throws<UnauthorizedAccessException>(() => home.Take().Dispose());
        Directory.Delete(Path.Combine(home.Root, "lock"));
        File.CreateSymbolicLink(Path.Combine(home.Root, "lock"), "/dev/full/nothing");
        var failure = Assert.ThrowsAny<Exception>(() => home.Take().Dispose());
        Assert.IsNotType<HomeTakenException>(failure);
    }

    [Fact]
    public void EveryFileInItIsItsOwnersAlone()
    {
        home.Take().Dispose();
        home.Publish(new Addresses(new(System.Net.IPAddress.Loopback, 7400), new(System.Net.IPAddress.Loopback, 7480)));
        _ = home.Id() + home.TokenText();

        var open = Directory
            .GetFiles(home.Root)
            .Where(file => File.GetUnixFileMode(file) != (UnixFileMode.UserRead | UnixFileMode.UserWrite));

        Assert.Empty(open);
    }

    /// <summary>What runs from it is held against where the system says that a process runs.</summary>
    [Fact]
    public void LinksOnTheWayToItAreFollowedOnce()
    {
        var real = Directory.CreateDirectory(Path.Combine(home.Root, "disk", "srv")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(home.Root, "link"), Path.Combine(home.Root, "disk"));
        Directory.CreateSymbolicLink(Path.Combine(home.Root, "last"), "link/srv");

        Assert.Equal(real, new Home(Path.Combine(home.Root, "link", "srv")).Root);
        Assert.Equal(real, new Home(Path.Combine(home.Root, "last") + "/").Root);
        Assert.Equal(Path.Combine(real, "not", "yet"), new Home(Path.Combine(home.Root, "last", "not", "yet")).Root);
    }

    [Fact]
    public void RubbishInPlaceOfItsAddressesIsNoAddress()
    {
        home.Take().Dispose();
        File.WriteAllText(Path.Combine(home.Root, "addresses"), "rubbish\nmore\n");
        Assert.Null(home.Published());
    }

    public void Dispose() => Directory.Delete(home.Root, recursive: true);
}
