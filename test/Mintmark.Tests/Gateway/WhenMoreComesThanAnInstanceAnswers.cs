using Mintmark.Releases;
using Xunit;

namespace Mintmark.Tests.Gateway;

/// <summary>In virtual time: each is the same in every run.</summary>
public sealed class WhenMoreComesThanAnInstanceAnswers
{
    const double Mean = 0.010;

    [Theory]
    [InlineData(2, "even", 1)]
    [InlineData(4, "even", 2)]
    [InlineData(8, "even", 3)]
    [InlineData(8, "random", 4)]
    [InlineData(32, "even", 5)]
    [InlineData(32, "random", 6)]
    [InlineData(150, "random", 7)]
    [InlineData(8, "mixed", 8)]
    [InlineData(8, "thrashing", 9)]
    public void TenTimesItsCapacityCostsLittleOfItAndNobodyWaitsLong(int workers, string kind, int seed)
    {
        var capacity = workers / Mean;
        var unloaded = new Surging(workers, Kind(kind), seed).Run(capacity / 4, 30).P99;
        var surging = new Surging(workers, Kind(kind), seed);
        surging.Run(capacity / 4, 5);
        surging.Run(10 * capacity, 5);

        var surged = surging.Run(10 * capacity, 20);

        Assert.True(
            surged.Goodput >= 0.9 * capacity && surged.P99 <= 2 * unloaded,
            $"goodput {surged.Goodput / capacity:P0}, p99 {surged.P99 / unloaded:0.00}, limit {surging.Limit}"
        );
    }

    [Theory]
    [InlineData(8, "even")]
    [InlineData(32, "random")]
    [InlineData(32, "mixed")]
    public void BelowItsCapacityNobodyIsRefused(int workers, string kind)
    {
        var surging = new Surging(workers, Kind(kind), seed: 1);

        Assert.Equal(0, surging.Run(0.7 * workers / Mean, 60).Refused);
    }

    [Fact]
    public void AfterTheSurgeNobodyIsRefused()
    {
        var surging = new Surging(8, Kind("random"), seed: 1);
        surging.Run(10 * 8 / Mean, 30);

        surging.Run(0.5 * 8 / Mean, 5);

        Assert.InRange(surging.Run(0.5 * 8 / Mean, 60).Refused, 0, 60);
    }

    [Fact]
    public void AnInstanceThatBecomesSlowerGetsAsManyAtOnceAsBefore()
    {
        var slower = 1.0;
        var surging = new Surging(16, (u, _) => slower * Exponential(u), seed: 1);
        surging.Run(5 * 16 / Mean, 20);

        slower = 3;
        surging.Run(5 * 16 / Mean, 15);
        var surged = surging.Run(5 * 16 / Mean, 20);

        Assert.True(surged.Goodput >= 0.9 * 16 / (3 * Mean), $"{surged.Goodput} with a limit of {surging.Limit}");
    }

    [Fact]
    public void AnInstanceThatBecomesQuickerGetsMore()
    {
        var slower = 3.0;
        var surging = new Surging(16, (u, _) => slower * Exponential(u), seed: 1);
        surging.Run(5 * 16 / Mean, 20);

        slower = 1;
        surging.Run(5 * 16 / Mean, 15);

        Assert.InRange(surging.Run(5 * 16 / Mean, 20).Goodput, 0.9 * 16 / Mean, 16 / Mean * 1.01);
    }

    [Theory]
    [InlineData(4, 1)]
    [InlineData(8, 3)]
    public void ThoseThatHangDoNotKeepTheOthersOut(int workers, int hanging)
    {
        var surging = new Surging(workers, Kind("even"), seed: 1);
        surging.Run(workers / Mean / 4, 5);
        for (var i = 0; i < hanging; i++)
            surging.Hang();
        surging.Run(10 * workers / Mean, 10);

        var surged = surging.Run(10 * workers / Mean, 20);

        var left = (workers - hanging) / Mean;
        Assert.True(surged.Goodput >= 0.7 * left, $"{surged.Goodput / left:P0} with a limit of {surging.Limit}");
    }

    [Fact]
    public void APaymentGoesBeforeAReport()
    {
        // Of ten times the capacity, half a capacity are payments.
        static Priority Of(double u) => u < 0.05 ? Priority.High : Priority.Low;
        var surging = new Surging(16, Kind("random"), seed: 1);
        surging.Run(10 * 16 / Mean, 10, Of);

        var surged = surging.Run(10 * 16 / Mean, 20, Of);

        Assert.True(surged.RefusedHigh <= 0.02 * 20 * 0.5 * 16 / Mean, $"{surged.RefusedHigh} payments refused");
        Assert.InRange(surged.Goodput, 0.9 * 16 / Mean, 16 / Mean * 1.01);
    }

    static Func<double, int, double> Kind(string kind) =>
        kind switch
        {
            "even" => (_, _) => Mean,
            "random" => (u, _) => Exponential(u),
            // One in ten takes ten times as long as the others.
            "mixed" => (u, _) => u < 0.1 ? 0.0526 : 0.00526,
            // The more wait, the slower it gets.
            "thrashing" => (_, inside) => Mean * (1 + Math.Max(0, inside - 16) / 20.0),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };

    static double Exponential(double u) => -Math.Log(1 - u) * Mean;
}
