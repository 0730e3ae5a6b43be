using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Mintmark.Build;
using Mintmark.Journal;
using Mintmark.Releases;

namespace Mintmark.Server;

/// <summary>Persons, and what they say of releases and of what is enforced.</summary>
internal static class PeopleApi
{
    public static void MapPeople(this IEndpointRouteBuilder api)
    {
        api.OnGet("/people", (ReleaseJournal journal) => Answers(journal.State))
            .WithSummary("Persons with a token of their own, and those who had one");
        api.OnPost("/people/add", AddAsync).WithSummary("Give a person a token of its own and roles");
        api.OnPost("/people/change", ChangeAsync).WithSummary("Other roles, addresses or token for a person");
        api.OnPost("/people/remove", RemoveAsync).WithSummary("Refuse a person from now on");
        api.OnPost("/approve", ApproveAsync).WithSummary("Let a release go on that waits for people at the gate");
        api.OnPost("/decline", DeclineAsync).WithSummary("End a release that waits for people at the gate");
        api.OnPost("/review", ReviewAsync)
            .WithSummary("Say that a commit was read by another than its authors, or an emergency release looked at");
        api.OnPost("/enforce", EnforceAsync).WithSummary("Let controls refuse versions of a service");
        api.OnPost("/observe", ObserveAsync).WithSummary("Only report enforced controls for a while");
    }

    private static IReadOnlyList<PersonAnswer> Answers(State state) =>
        [
            .. state.Persons.Values.Select(p => new PersonAnswer(
                p.Name,
                p.RolesSince.ToDictionary(r => r.Key, r => r.Value.At),
                p.Since,
                p.Addresses.Count,
                p.RemovedAt
            )),
        ];

    private static async Task<Results<Ok<PersonDone>, ProblemHttpResult>> AddAsync(
        AddPersonRequest request,
        Caller caller,
        Commands commands,
        CommitAddresses addresses,
        CancellationToken ct
    )
    {
        var token = PersonToken.New();
        var command = new Command.AddPerson(
            request.Name,
            Checked(request.Roles),
            PersonToken.Digest(token),
            Digests(addresses, request.Addresses ?? []),
            request.Reason
        );
        return Told(await commands.RunAsync(command, caller, request.By, ct), request.Name, token);
    }

    private static async Task<Results<Ok<PersonDone>, ProblemHttpResult>> ChangeAsync(
        ChangePersonRequest request,
        Caller caller,
        Commands commands,
        CommitAddresses addresses,
        CancellationToken ct
    )
    {
        var token = request.NewToken ? PersonToken.New() : null;
        var command = new Command.ChangePerson(
            request.Name,
            request.Roles is { } roles ? Checked(roles) : null,
            token is null ? null : PersonToken.Digest(token),
            request.Addresses is { } named ? Digests(addresses, named) : null,
            request.Reason
        );
        return Told(await commands.RunAsync(command, caller, request.By, ct), request.Name, token);
    }

    private static async Task<Results<Ok<PersonDone>, ProblemHttpResult>> RemoveAsync(
        RemovePersonRequest request,
        Caller caller,
        Commands commands,
        CancellationToken ct
    )
    {
        var command = new Command.RemovePerson(request.Name, request.Reason);
        return Told(await commands.RunAsync(command, caller, request.By, ct), request.Name, null);
    }

    private static Task<Results<Ok<Done>, ProblemHttpResult>> ApproveAsync(
        SayRequest request,
        Caller caller,
        Commands commands,
        CancellationToken ct
    ) =>
        commands.RunAsync(new Command.Approve(request.Release, request.Digest, request.Reason), caller, request.By, ct);

    private static Task<Results<Ok<Done>, ProblemHttpResult>> DeclineAsync(
        SayRequest request,
        Caller caller,
        Commands commands,
        CancellationToken ct
    ) =>
        commands.RunAsync(new Command.Decline(request.Release, request.Digest, request.Reason), caller, request.By, ct);

    private static async Task<Results<Ok<Done>, ProblemHttpResult>> ReviewAsync(
        ReviewRequest request,
        Caller caller,
        Commands commands,
        CommitAddresses addresses,
        ReleaseJournal journal,
        CancellationToken ct
    )
    {
        if (request.Release is null == request.Commit is null)
            throw new BadHttpRequestException("release or commit: name one of them");
        var release = request.Release is { } id ? journal.State.Releases.GetValueOrDefault(id) : null;
        if (release is null && request.Release is { } none)
            return Problems.Refused(new("unknown-release", $"there is no {none}; 'mint releases' lists them"));
        if (release is { Emergency: true, Gate.IsEmpty: false })
        {
            var looked = new Command.ReviewEmergency(release.Id, request.Reason);
            return await commands.RunAsync(looked, caller, request.By, ct);
        }
        if (await commands.RefusalAsync(new(Wish.Review, request.Reason), caller, request.By, ct) is { } no)
            return no;
        if (release is not null)
            return await ReviewAsync(journal.State.Versions[release.Mark].Source, release.Service);
        var repository = request.Repository ?? throw new BadHttpRequestException("repository: name its folder");
        var (source, manifest) = await Shipping.ReadAsync(repository, request.Commit, ct);
        return await ReviewAsync(source, manifest.Name);

        async Task<Results<Ok<Done>, ProblemHttpResult>> ReviewAsync(Source source, ServiceName service)
        {
            var git = await GitRepository.OpenAsync(source.Repository, ct);
            var since = journal.State.Find(service)?.Serving is { } serving
                ? journal.State.Versions[serving].Source.Commit
                : null;
            var facts = await git.HistoryAsync(source.Commit, since, allowedSigners: "", trustedKeys: "", ct);
            IReadOnlyList<string>? authors = facts.IsWhole ? [.. facts.Addresses().Select(addresses.Digest)] : null;
            var command = new Command.Review(service, source.Commit, authors, request.Reason);
            return await commands.RunAsync(command, caller, request.By, ct);
        }
    }

    private static Task<Results<Ok<Done>, ProblemHttpResult>> EnforceAsync(
        EnforceRequest request,
        Caller caller,
        Commands commands,
        ReleaseJournal journal,
        CancellationToken ct
    ) =>
        commands.RunAsync(
            new Command.Enforce(request.Service, Named(journal.State, request), request.Reason),
            caller,
            request.By,
            ct
        );

    private static Task<Results<Ok<Done>, ProblemHttpResult>> ObserveAsync(
        EnforceRequest request,
        Caller caller,
        Commands commands,
        ReleaseJournal journal,
        TimeProvider clock,
        CancellationToken ct
    ) =>
        commands.RunAsync(
            new Command.Observe(
                request.Service,
                Named(journal.State, request),
                request.Until,
                clock.GetUtcNow(),
                request.Reason
            ),
            caller,
            request.By,
            ct
        );

    /// <summary>Without names: all that the service's profile can enforce.</summary>
    private static IReadOnlyList<string> Named(State state, EnforceRequest request) =>
        request.Controls is { Count: > 0 } named ? Enforceable.Known(named)
        : state.Find(request.Service) is { } service ? Enforceable.Of(state, service)
        : [];

    private static IReadOnlyList<Role> Checked(IReadOnlyList<Role> roles) => [.. roles.Distinct().Order()];

    private static IReadOnlyList<string> Digests(CommitAddresses addresses, IReadOnlyList<string> named)
    {
        if (named.Count > Person.MostAddresses)
            throw new BadHttpRequestException($"addresses: {Person.MostAddresses} at most");
        return named.All(IsAddress)
            ? [.. named.Select(addresses.Digest).Distinct()]
            : throw new BadHttpRequestException(
                "addresses: as they are in commits, such as alice@example.com; one of these is none"
            );
    }

    /// <param name="text">Null where a list has that in it.</param>
    private static bool IsAddress(string? text) =>
        text?.Length <= CommitAddresses.LongestAddress
        && text.Contains('@', StringComparison.Ordinal)
        && !text.Any(char.IsControl);

    private static Results<Ok<PersonDone>, ProblemHttpResult> Told(
        Results<Ok<Done>, ProblemHttpResult> result,
        PersonName name,
        string? token
    ) =>
        result.Result is Ok<Done> { Value: { } done }
            ? TypedResults.Ok(new PersonDone(name, token, done.Revision))
            : (ProblemHttpResult)result.Result;
}
