using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mintmark.Log;
using Mintmark.Releases;

namespace Mintmark.Gate;

/// <summary>What a version is held to at one moment: the floor, its profile, and what the team laid over it.</summary>
/// <param name="Version">Of the profile.</param>
/// <param name="Catalogue">Version of the catalogue.</param>
/// <param name="Demands">The floor first.</param>
/// <param name="Emergency">Controls that an emergency release is held to beside the floor.</param>
/// <param name="Uncounted">What somebody would have looser and does not count, each with the reason.</param>
public sealed record Policy(
    string Profile,
    int Version,
    int Catalogue,
    IReadOnlyList<Demand> Demands,
    IReadOnlyList<string> Emergency,
    IReadOnlyList<FreezeWindow> Freezes,
    IReadOnlyList<string> Uncounted
)
{
    /// <summary>How long something may be looser at most.</summary>
    public static readonly TimeSpan LongestLoosening = TimeSpan.FromDays(90);

    /// <param name="release">Null for whatever release may come: nobody asked for it.</param>
    /// <param name="now">What ends by then counts no longer.</param>
    public static Policy Of(Profile profile, Overlay? overlay, State state, Release? release, DateTimeOffset now)
    {
        var uncounted = new List<string>();
        var loosened = new Dictionary<string, Loosening>();
        foreach (var relax in overlay?.Relax ?? [])
        {
            if (Flaw(relax, state, release, now) is { } flaw)
                uncounted.Add($"{overlay!.File}: {relax.Control} as {relax.By} would have it does not count: {flaw}");
            else
                loosened[relax.Control] = relax;
        }
        var demands = new List<Demand>();
        foreach (var demand in Stricter(profile, overlay))
        {
            var relax = loosened.GetValueOrDefault(demand.Control.Id);
            if (relax is null)
                demands.Add(demand);
            else if (relax.Set is { } set)
                demands.Add(demand with { Set = demand.Set.SetItems(set), Relaxed = relax });
        }
        return new(
            profile.Name,
            profile.Version,
            Mintmark.Gate.Catalogue.Shipped.Version,
            demands,
            profile.Emergency,
            [.. profile.Freezes, .. overlay?.Freezes ?? []],
            uncounted
        );
    }

    /// <summary>The shorter list of an emergency: the floor and what the profile names.</summary>
    public Policy ForEmergency() =>
        this with
        {
            Demands = [.. Demands.Where(d => d.Control.Floor || Emergency.Contains(d.Control.Id))],
        };

    /// <summary>Canonical JSON: equal policies have equal bytes.</summary>
    public byte[] ToJson() =>
        CanonicalJson.Canonicalize(
            JsonSerializer.SerializeToUtf8Bytes(
                new JsonObject
                {
                    ["profile"] = Profile,
                    ["version"] = Version,
                    ["catalogue"] = Catalogue,
                    ["controls"] = new JsonArray([.. Demands.Select(Json)]),
                    ["emergency"] = new JsonArray([.. Emergency.Select(e => JsonValue.Create(e))]),
                    ["freezes"] = new JsonArray([.. Freezes.Select(f => JsonValue.Create($"{f}"))]),
                }
            )
        );

    /// <summary>As <c>sha256:…</c>.</summary>
    public string Digest() => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(ToJson()))}";

    private static JsonNode Json(Demand demand)
    {
        var json = new JsonObject { ["control"] = demand.Control.Id };
        foreach (var parameter in demand.Control.Parameters)
            json[parameter.Name] = parameter.Text(demand.Set[parameter.Name]);
        if (demand.Relaxed is { } relaxed)
            json["relaxed"] = $"by {relaxed.By} until {relaxed.Until:yyyy-MM-dd}: {relaxed.Reason}";
        return json;
    }

    /// <summary>The floor, the profile's and the team's own, at the strictest that is said of each.</summary>
    private static IEnumerable<Demand> Stricter(Profile profile, Overlay? overlay)
    {
        var catalogue = Mintmark.Gate.Catalogue.Shipped;
        var said = profile.Demands.ToDictionary(d => d.Control.Id);
        foreach (
            var (id, set) in overlay?.Stricter
                ?? ImmutableDictionary<string, ImmutableSortedDictionary<string, decimal>>.Empty
        )
        {
            var demand = said.GetValueOrDefault(id) ?? Demand.Usual(catalogue.Controls[id]);
            said[id] = demand with { Set = demand.Set.SetItems(set) };
        }
        return catalogue
            .Controls.Values.Where(c => c.Floor || said.ContainsKey(c.Id))
            .OrderByDescending(c => c.Floor)
            .Select(c => said.GetValueOrDefault(c.Id) ?? Demand.Usual(c));
    }

    /// <summary>Why somebody's word does not count; null where it does.</summary>
    private static string? Flaw(Loosening relax, State state, Release? release, DateTimeOffset now) =>
        now >= relax.Until ? $"it ended on {relax.Until:yyyy-MM-dd}"
        : relax.Until - now > LongestLoosening
            ? $"{relax.Until:yyyy-MM-dd} is more than {LongestLoosening.TotalDays:0} days ahead"
        : state.Persons.GetValueOrDefault(relax.By) is not { RemovedAt: null } person
            ? $"{relax.By} is no person here: mint person add {relax.By} --role approver"
        : !person.Has(Role.Approver) ? $"{relax.By} is no approver"
        : Duties.IsOfTheSame(state, release, relax.By.Actor) ? $"{relax.By} asked for {release!.Id} himself"
        : null;
}
