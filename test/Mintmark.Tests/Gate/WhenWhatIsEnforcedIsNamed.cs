using Microsoft.AspNetCore.Http;
using Mintmark.Server;
using Xunit;

namespace Mintmark.Tests.Gate;

public sealed class WhenWhatIsEnforcedIsNamed
{
    [Fact]
    public void ControlsOfTheCatalogueAreTakenAsTheyAre() =>
        Assert.Equal(["approved-by-another"], Enforceable.Known(["approved-by-another"]));

    [Theory]
    [InlineData("aproved-by-another", "there is no control 'aproved-by-another'; did you mean approved-by-another? ")]
    [InlineData("zzz", "there is no control 'zzz'; 'mint controls' lists all")]
    [InlineData("not-halted", "not-halted is of the floor: it is always enforced")]
    public void OthersAreRefusedWithWhatIsAccepted(string name, string said)
    {
        var refused = Assert.Throws<BadHttpRequestException>(() => Enforceable.Known([name]));

        Assert.StartsWith(said, refused.Message, StringComparison.Ordinal);
    }
}
