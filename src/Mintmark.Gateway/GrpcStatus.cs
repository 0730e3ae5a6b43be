namespace Mintmark.Gateway;

/// <summary>How a gRPC call went, in a trailer of its answer, or in its headers where that is all of it.</summary>
static class GrpcStatus
{
    public const string Header = "grpc-status";

    /// <summary>
    /// Those that gRPC's own mapping to HTTP makes 5xx: UNKNOWN, DEADLINE_EXCEEDED, UNIMPLEMENTED, INTERNAL,
    /// UNAVAILABLE
    /// and DATA_LOSS. The others say something of the request.
    /// </summary>
    public static bool IsFailure(string? status) => status is "2" or "4" or "12" or "13" or "14" or "15";
}
