using Mintmark.Releases;
using Mintmark.Server;

namespace Mintmark.Cli.Demo;

/// <summary>Two persons with tokens of their own, and a bank for which one of them is not enough.</summary>
internal sealed class DemoTeam(DemoPlane plane, string folder)
{
    private const string Control = "approved-by-another";
    private static readonly ServiceName Bank = new("bank");
    private static readonly PersonName Engineer = new("erin");
    private static readonly PersonName Approver = new("adam");

    public ApiClient AsEngineer() => As(Engineer);

    /// <summary>From here on the bank's releases take an approval by another than who asks.</summary>
    public async Task JoinAsync(CancellationToken ct)
    {
        await AddAsync(Engineer, [Role.Engineer], ct);
        await AddAsync(Approver, [Role.Approver], ct);
        using var approver = As(Approver);
        await EnforceAsync(approver, "enforce", null, ct);
    }

    /// <summary>The demo's other releases are asked for with the home's token, and take nobody's word.</summary>
    public async Task LeaveAsync(CancellationToken ct)
    {
        using var approver = As(Approver);
        await EnforceAsync(approver, "observe", DateTimeOffset.UtcNow.AddDays(1), ct);
    }

    /// <returns>Whether who asked for it was told no.</returns>
    public async Task<bool> ApprovesOwnAsync(ReleaseId release, CancellationToken ct)
    {
        using var engineer = AsEngineer();
        try
        {
            await SayAsync(engineer, release, ct);
            return false;
        }
        catch (StopException refused) when (refused.Exit is Exit.No or Exit.BadInput)
        {
            return true;
        }
    }

    public async Task ApproveAsync(ReleaseId release, CancellationToken ct)
    {
        using var approver = As(Approver);
        await SayAsync(approver, release, ct);
    }

    private ApiClient As(PersonName person) => ApiClient.Open(plane.Home, TokenFile(person), plane.Addresses.Api);

    private string TokenFile(PersonName person) => Path.Combine(folder, $"{person}.token");

    private async Task AddAsync(PersonName name, IReadOnlyList<Role> roles, CancellationToken ct)
    {
        using var file = TokenTarget.Open(folder, TokenFile(name));
        using var api = plane.Connect();
        var request = new AddPersonRequest(name, roles, null, "joins the demo", "demo");
        file.Write((await api.PostAsync<AddPersonRequest, PersonDone>("/api/people/add", request, ct)).Token!);
    }

    private static Task EnforceAsync(ApiClient api, string how, DateTimeOffset? until, CancellationToken ct) =>
        api.PostAsync<EnforceRequest, Done>(
            $"/api/{how}",
            new EnforceRequest(Bank, [Control], until, "the demo shows it"),
            ct
        );

    private static Task SayAsync(ApiClient api, ReleaseId release, CancellationToken ct) =>
        api.PostAsync<SayRequest, Done>("/api/approve", new SayRequest(release, null, "read it"), ct);
}
