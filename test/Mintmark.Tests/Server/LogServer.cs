using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mintmark.Log;
using Mintmark.Releases;
using Mintmark.Server;
using Mintmark.Tests.Log;

namespace Mintmark.Tests.Server;

/// <summary>A log that its control plane's routes serve, over real HTTP, behind the token.</summary>
sealed class LogServer : IAsyncDisposable
{
    private const string Token = "0123456789abcdef";

    private readonly WebApplication app;

    private LogServer(LogFolder folder, SqliteStorage storage, WebApplication app)
    {
        Folder = folder;
        Log = MerkleLog.Open(storage, folder.Key, LogFolder.Origin);
        this.app = app;
        Stranger = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        Http = new HttpClient { BaseAddress = Stranger.BaseAddress };
        Http.DefaultRequestHeaders.Authorization = new("Bearer", Token);
    }

    public LogFolder Folder { get; }

    public MerkleLog Log { get; }

    public required Troubles Troubles { get; init; }

    public required bool OwnsFolder { get; init; }

    public WitnessLink Witnesses => app.Services.GetRequiredService<WitnessLink>();

    public HttpClient Http { get; }

    /// <summary>Bears no token.</summary>
    public HttpClient Stranger { get; }

    /// <summary>Over a folder of its own.</summary>
    public static Task<LogServer> StartAsync() => StartAsync(new LogFolder(), true, []);

    public static Task<LogServer> StartAsync(LogFolder folder, params WitnessAddress[] witnesses) =>
        StartAsync(folder, false, witnesses);

    private static async Task<LogServer> StartAsync(LogFolder folder, bool owns, WitnessAddress[] witnesses)
    {
        var troubles = new Troubles();
        var storage = SqliteStorage.Open(folder.Database);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddProblemDetails();
        builder.Services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        var reader = new LogReader(storage);
        var kept = new WitnessedCheckpoint(folder.In("witnessed"));
        builder.Services.AddSingleton(reader);
        builder.Services.AddSingleton(_ => new WitnessLink(reader, kept, witnesses, TimeProvider.System, troubles));
        var app = builder.Build();
        app.UseMiddleware<Bearer>(() => State.Empty, Token, "token");
        app.MapLog();
        await app.StartAsync();
        return new LogServer(folder, storage, app) { Troubles = troubles, OwnsFolder = owns };
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        Http.Dispose();
        Stranger.Dispose();
        Log.Dispose();
        if (OwnsFolder)
            Folder.Dispose();
    }
}
