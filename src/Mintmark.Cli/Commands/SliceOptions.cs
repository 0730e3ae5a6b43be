using System.CommandLine;
using System.Globalization;
using Mintmark.Journal;
using Mintmark.Log;
using Mintmark.Server;

namespace Mintmark.Cli;

/// <summary>The options of 'log export' that make a slice of it, and what 'log verify --slice' checks.</summary>
internal sealed class SliceOptions
{
    private const string Everything = "all";

    private readonly Option<long?> from = new("--from")
    {
        Description = "Export a slice only: the entries from this one on, with a proof that they are all",
        HelpName = "ENTRY",
    };

    private readonly Option<long?> to = new("--to")
    {
        Description = "End of the slice: the first entry that is not in it [default: the end of the log]",
        HelpName = "ENTRY",
    };

    private readonly Option<string[]> redact = new("--redact")
    {
        Description =
            "Keep back the body of an entry (17), of a range (17..20, the last one in it), or all; may be given "
            + "several times",
        HelpName = "ENTRIES",
        DefaultValueFactory = _ => [],
    };

    public void AddTo(Command export)
    {
        export.Add(from);
        export.Add(to);
        export.Add(redact);
        export.Validators.Add(given =>
        {
            var isSlice = given.GetValue(from) is not null;
            if (!isSlice && (given.GetValue(to) is not null || given.GetValue(redact) is { Length: > 0 }))
                given.AddError("--to and --redact go with --from");
        });
    }

    public bool Ask(ParseResult given) => given.GetValue(from) is not null;

    public SliceExported Write(ParseResult given, Session session, string target)
    {
        LogCommands.RequireLog(session.Home);
        using var storage = LogPlace.OpenReadOnly(session.Home);
        var range = (given.GetValue(from)!.Value, given.GetValue(to) ?? storage.Size);
        if (range.Item1 < 0 || range.Item1 >= range.Item2 || range.Item2 > storage.Size)
        {
            throw new StopException(
                Exit.BadInput,
                $"there are no entries from {range.Item1} to below {range.Item2}: the log has {storage.Size}",
                null
            );
        }
        var redacted = given.GetRequiredValue(redact).Select(Range).ToList();
        LogSlice.Write(
            storage,
            LogKeys.TextOfHome(session.Home),
            target,
            range,
            index => redacted.Exists(r => index >= r.First && index <= r.Last),
            EntryCodec.HandoverOf
        );
        var report = LogSlice.Verify(target, trusted: null);
        return new SliceExported(target, range.Item1, range.Item2, report.Redacted);
    }

    private static (long First, long Last) Range(string text)
    {
        if (text == Everything)
            return (0, long.MaxValue);
        var (first, last) = text.Split("..") switch
        {
            [var one] => (one, one),
            [var begin, var end] => (begin, end),
            _ => ("", ""),
        };
        return Number(first) is { } a && Number(last) is { } b && a <= b
            ? (a, b)
            : throw new FormatException(
                $"--redact: '{text}' is no entry (17), no range (17..20) and not '{Everything}'"
            );
    }

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
