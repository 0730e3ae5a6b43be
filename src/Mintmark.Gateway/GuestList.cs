using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Mintmark.Releases;
using Mintmark.Route;

namespace Mintmark.Gateway;

/// <summary>
/// Who gets a version without a lot: those listed for the step in force and the steps before it, and who asks for a
/// version by name. They are chosen before any lot is drawn and have none, so the two arms stay a fair sample of all
/// others (decision 24).
/// </summary>
sealed class GuestList
{
    public const string Header = "Mint-Version";

    private readonly ServiceName service;
    private readonly bool byName;
    private readonly FrozenSet<string> clients;
    private readonly FrozenSet<(string Header, string Value)> cohorts;
    private readonly string[] headers;

    public GuestList(ServiceName service, Comparison compared)
    {
        var guests = compared.Rollout.Steps.Take(compared.Step + 1).Select(s => s.Guests).OfType<Guests>().ToList();
        this.service = service;
        byName = compared.Rollout.ByName == true;
        clients = guests.SelectMany(g => g.Clients).ToFrozenSet(StringComparer.Ordinal);
        cohorts = guests.SelectMany(g => g.Cohorts).Select(Split).ToFrozenSet();
        headers = [.. cohorts.Select(c => c.Header).Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    /// <returns>The version that the request names; null where it names none, or may not.</returns>
    public string? Asked(HttpRequest request) =>
        byName && request.Headers[Header].ToString() is { Length: > 0 } mark ? mark : null;

    /// <summary>Whether the candidate is to answer it.</summary>
    public bool Has(HttpRequest request)
    {
        if (clients.Count > 0 && request.Headers[Caller.Header].ToString() is { Length: > 0 } client)
        {
            if (clients.Contains(Guests.Digest(service, client)))
                return true;
        }
        foreach (var header in headers)
        {
            if (cohorts.Contains((header, request.Headers[header].ToString())))
                return true;
        }
        return false;
    }

    private static (string, string) Split(string cohort)
    {
        var colon = cohort.IndexOf(": ", StringComparison.Ordinal);
        return (cohort[..colon].ToLowerInvariant(), cohort[(colon + 2)..]);
    }
}
