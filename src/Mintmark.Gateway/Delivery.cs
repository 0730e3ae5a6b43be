using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Mintmark.Gateway;

/// <summary>Whose fault it is that an exchange did not go to its end.</summary>
enum Fault
{
    None,

    /// <summary>No connection was made, so nothing of the request was sent or read.</summary>
    NotReached,

    /// <summary>The instance broke off, or its answer is none.</summary>
    Instance,

    /// <summary>The instance let a time limit pass.</summary>
    TooSlow,

    /// <summary>No connection was made, for want of what the gateway itself needs for one.</summary>
    Exhausted,

    /// <summary>Its service was halted meanwhile, and cuts requests off then.</summary>
    Cut,

    /// <summary>The client went away, or its request is none.</summary>
    Client,
}

/// <param name="Why">For people; null where there is nothing to say.</param>
/// <param name="Status">Of the gateway's own answer, where none has begun.</param>
readonly record struct Delivery(Fault Fault, string? Why = null, int Status = StatusCodes.Status502BadGateway)
{
    /// <summary>The time for all of it was over while it was not the instance that was waited for.</summary>
    public static readonly Delivery Overdue = new(
        Fault.Client,
        "Request and answer took longer together than the service's timeouts.total allows.",
        StatusCodes.Status408RequestTimeout
    );

    /// <summary>The answer is whole, and says that it is an error, whatever its status.</summary>
    public bool HasFailed { get; init; }

    /// <summary>The client left an instance that had all of the request and had not begun to answer.</summary>
    public bool WasGivenUp { get; init; }

    public Outcome Judge(int status) =>
        Fault switch
        {
            Fault.None when !HasFailed && status < StatusCodes.Status500InternalServerError => Outcome.Answered,
            Fault.None or Fault.NotReached or Fault.Instance or Fault.TooSlow => Outcome.Failed,
            // Else a version that hangs would leave no trace, where those who call wait less long than we do.
            Fault.Client when WasGivenUp => Outcome.Failed,
            Fault.Client => Outcome.Abandoned,
            Fault.Cut or Fault.Exhausted => Outcome.Void,
            _ => throw new UnreachableException($"a fault that is not known: {Fault}"),
        };

    /// <summary>It might have been tried again, but that was done too often of late.</summary>
    public Delivery WithoutRetry() =>
        this with
        {
            Status = StatusCodes.Status503ServiceUnavailable,
            Why = $"{Why}, and a fifth of the service's requests were tried again already",
        };

    /// <summary>It might have been tried again, but the others have all they can answer at once.</summary>
    public Delivery WithoutRoom() =>
        this with
        {
            Status = StatusCodes.Status503ServiceUnavailable,
            Why = $"{Why}, and the others have as many requests as they can answer at once",
        };

    public Refusal Explain(Exchange exchange) =>
        Fault == Fault.Cut ? Refusal.Halted(exchange.Arm.Mark.Service.Value, Why!)
        : Fault == Fault.Exhausted ? Refusal.Exhausted
        : Fault == Fault.Client ? Refusal.BadRequest(Status, Why ?? "The request's body could not be read.")
        : Refusal.NoAnswer(Status, $"{exchange.Target.Instance} of {exchange.Arm.Mark}", Why ?? "it broke off");
}
