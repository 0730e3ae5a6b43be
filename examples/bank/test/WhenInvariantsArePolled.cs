using System.Text.Json;

namespace Bank.Tests;

public sealed class WhenInvariantsArePolled : AtTheBank
{
    [Fact, Smoke]
    public async Task AllHoldInOrdinaryBusiness()
    {
        await DoBusinessAsync();

        var invariants = (await Bank.GetAsync("/invariants")).Body.GetProperty("invariants");

        Assert.Equal(
            ["postings-sum-to-zero", "balance-equals-entries", "idempotency-keys-once"],
            invariants.EnumerateArray().Select(invariant => invariant.GetProperty("name").GetString()!)
        );
        Assert.All(invariants.EnumerateArray(), invariant => Assert.True(invariant.GetProperty("ok").GetBoolean()));
    }

    [Fact]
    public async Task PostingsThatDoNotSumToZeroAreNamed()
    {
        var transfer = await DoBusinessAsync();
        Bank.Tamper($"UPDATE entries SET amount = amount + 1, balance = balance + 1 WHERE account = {Payee}");

        Assert.Equal($"postings of transfer {transfer} sum to 0.01", await BrokenAsync("postings-sum-to-zero"));
        Assert.Null(await BrokenAsync("idempotency-keys-once"));
    }

    [Fact]
    public async Task ABalanceThatIsNotTheSumOfItsEntriesIsNamed()
    {
        await DoBusinessAsync();
        Bank.Tamper($"UPDATE entries SET balance = balance + 7 WHERE account = {Payee}");

        Assert.Equal(
            $"account {Payee} stands at 100.07 after its entry 1, but its entries make 100.00",
            await BrokenAsync("balance-equals-entries")
        );
        Assert.Null(await BrokenAsync("postings-sum-to-zero"));
    }

    [Fact]
    public async Task AKeyThatWasPostedTwiceIsNamed()
    {
        var first = await DoBusinessAsync();
        var second = await DoBusinessAsync();
        Bank.Tamper($"UPDATE transfers SET key = 'twice' WHERE id IN ({first}, {second})");

        Assert.Equal(
            $"key twice posted twice by transfers {first} and {second}",
            await BrokenAsync("idempotency-keys-once")
        );
    }

    [Fact]
    public async Task WhatBrokeStaysBroken()
    {
        await DoBusinessAsync();
        Bank.Tamper($"UPDATE entries SET balance = balance + 7 WHERE account = {Payee}");
        var broken = await BrokenAsync("balance-equals-entries");
        Bank.Tamper($"UPDATE entries SET balance = balance - 7 WHERE account = {Payee}");
        await DoBusinessAsync();

        Assert.NotNull(broken);
        Assert.Equal(broken, await BrokenAsync("balance-equals-entries"));
    }

    [Fact]
    public async Task WhatAnotherVersionBrokeIsNotHeldAgainstThisOne()
    {
        var transfer = await DoBusinessAsync();
        Bank.Tamper($"UPDATE entries SET amount = amount + 1, balance = balance + 1 WHERE account = {Payee}");
        await using var next = await RunningBank.StartAsync("bank-2", Bank);

        Assert.Equal(201, (await next.TransferAsync(Payer, Payee, "100.00", "next")).Status);

        Assert.Null(await BrokenAsync("postings-sum-to-zero", next));
        Assert.Null(await BrokenAsync("balance-equals-entries", next));
        Assert.Contains($"transfer {transfer}", await BrokenAsync("postings-sum-to-zero"), StringComparison.Ordinal);
    }

    long Payer { get; set; }
    long Payee { get; set; }

    async Task<long> DoBusinessAsync()
    {
        (Payer, Payee) = (await Bank.OpenAsync("1000.00"), await Bank.OpenAsync("0.00"));
        return (await Bank.TransferAsync(Payer, Payee, "100.00")).Body.GetProperty("id").GetInt64();
    }

    async Task<string?> BrokenAsync(string name, RunningBank? at = null)
    {
        var invariants = (await (at ?? Bank).GetAsync("/invariants")).Body.GetProperty("invariants");
        var invariant = invariants.EnumerateArray().Single(one => one.GetProperty("name").GetString() == name);
        var broken = invariant.TryGetProperty("broken", out var text) ? text.GetString() : null;
        Assert.Equal(broken is null, invariant.GetProperty("ok").GetBoolean());
        return broken;
    }
}
