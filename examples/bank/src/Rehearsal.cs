using System.Net.Http.Json;

namespace Bank;

/// <summary>
/// A fresh process answers its first requests slowly, while its code is compiled. So before the bank opens it serves
/// itself for a moment, on a ledger of its own that is thrown away. How it answers is not looked at.
/// </summary>
static class Rehearsal
{
    const int Rounds = 30;

    public static async Task RunAsync(Surroundings place, Settings settings, TimeProvider clock)
    {
        var stage = place with { Port = 0, Folder = Path.Combine(place.Folder, $"rehearsal-{Environment.ProcessId}") };
        try
        {
            await using var app = await BankApp.BuildAsync(stage, settings, clock);
            await app.StartAsync();
            using var client = new HttpClient { BaseAddress = new(app.Urls.Single()) };
            await PlayAsync(client, settings.Currencies[0]);
            await app.StopAsync();
        }
        finally
        {
            if (Directory.Exists(stage.Folder))
                Directory.Delete(stage.Folder, recursive: true);
        }
    }

    static async Task PlayAsync(HttpClient client, string currency)
    {
        var from = await OpenAsync(client, currency);
        var to = await OpenAsync(client, currency);
        for (var round = 0; round < Rounds; round++)
        {
            var order = new TransferOrder(from, to, Money.Parse("20.00"), currency);
            using var request = new HttpRequestMessage(HttpMethod.Post, "transfers");
            request.Content = JsonContent.Create(order, Wire.TransferOrder);
            request.Headers.Add("Idempotency-Key", $"rehearsal-{round}");
            using (await client.SendAsync(request)) { }
            using (await client.GetAsync($"accounts/{from}")) { }
            using (await client.GetAsync($"accounts/{to}/statement?limit=10")) { }
            using (await client.GetAsync("invariants")) { }
            (from, to) = (to, from);
        }
    }

    static async Task<long> OpenAsync(HttpClient client, string currency)
    {
        var order = new AccountOrder("Rehearsal", currency, Money.Parse("1000.00"));
        using var opened = await client.PostAsync("accounts", JsonContent.Create(order, Wire.AccountOrder));
        return (await opened.Content.ReadFromJsonAsync(Wire.AccountAnswer))!.Id;
    }
}
