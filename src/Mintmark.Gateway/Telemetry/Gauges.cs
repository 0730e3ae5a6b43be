using System.Diagnostics.Metrics;
using Mintmark.Gateway.Guard;
using Mintmark.Gateway.Wire;

namespace Mintmark.Gateway.Telemetry;

/// <summary>What is told of the gateway itself: a series for each reason, and no client in any.</summary>
sealed class Gauges(Switchboard board, Crowd crowd, TurnedAway turnedAway, Contact contact, TimeProvider time)
{
    public void Show(Meter meter)
    {
        meter.CreateObservableCounter("mint.turned_away", Reasons, "{refusal}", "Clients refused or cut off");
        meter.CreateObservableUpDownCounter("mint.connections", () => crowd.Count, "{connection}", "Of clients");
        meter.CreateObservableGauge("mint.table.age", Age, "s", "Since the routes in force were put");
        meter.CreateObservableGauge(
            "mint.control.silence",
            () => contact.Silence.TotalSeconds,
            "s",
            "Since the control plane last asked"
        );
    }

    private IEnumerable<Measurement<long>> Reasons() =>
        ReasonWords.All.Select(why => new Measurement<long>(
            turnedAway.Count(why),
            new KeyValuePair<string, object?>("mint.reason", why.Word())
        ));

    private IEnumerable<Measurement<double>> Age() =>
        board.InForce.Since is { } since ? [new((time.GetUtcNow() - since).TotalSeconds)] : [];
}
