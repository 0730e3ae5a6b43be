using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using static Mintmark.Releases.Event;

namespace Mintmark.Releases;

/// <summary>The properties of the frequent kinds of events, whichever of them are there.</summary>
internal struct EventFields
{
    private Field there;
    private int release;
    private int instance;
    private int step;
    private int number;
    private long startTicks;
    private bool healthy;
    private string text;
    private Mark mark;
    private BuildStage stage;
    private IReadOnlyList<InvariantResult> results;

    [Flags]
    private enum Field
    {
        None,
        Release = 1,
        Instance = 1 << 1,
        Step = 1 << 2,
        Reason = 1 << 3,
        Mark = 1 << 4,
        Serving = 1 << 5,
        Stage = 1 << 6,
        Healthy = 1 << 7,
        Port = 1 << 8,
        Pid = 1 << 9,
        StartTicks = 1 << 10,
        ExitCode = 1 << 11,
        Results = 1 << 12,
    }

    /// <summary>Takes the property whose name the reader stands on, with its value.</summary>
    /// <returns>Whether it is known, new and of a form that needs no second look.</returns>
    public bool Take(ref Utf8JsonReader reader)
    {
        var field = Named(ref reader);
        reader.Read();
        if (field == Field.None || there.HasFlag(field))
            return false;
        there |= field;
        return field switch
        {
            Field.Release => Id(ref reader, "rel-"u8, out release),
            Field.Instance => Id(ref reader, "i-"u8, out instance),
            Field.Step => Int(ref reader, out step),
            Field.Port or Field.Pid or Field.ExitCode => Int(ref reader, out number),
            Field.StartTicks => reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out startTicks),
            Field.Reason => Text(ref reader, out text),
            Field.Mark or Field.Serving => reader.TokenType == JsonTokenType.String
                && Releases.Mark.TryParse(reader.GetString(), null, out mark),
            Field.Healthy => Bool(ref reader, out healthy),
            Field.Stage => Other(ref reader, Wire.Default.BuildStage, out stage),
            _ => Other(ref reader, Wire.Default.IReadOnlyListInvariantResult, out results),
        };
    }

    /// <returns>Null where the kind is none of the frequent ones, or its properties are not just these.</returns>
    public readonly Event? As(string kind) =>
        (kind, there) switch
        {
            ("invariants-reported.1", Field.Instance | Field.Results) => new InvariantsReported(
                new(instance),
                null,
                results
            ),
            ("invariants-reported.1", Field.Instance | Field.Step | Field.Results) => new InvariantsReported(
                new(instance),
                step,
                results
            ),
            ("build-stage-entered.1", Field.Release | Field.Stage) => new BuildStageEntered(new(release), stage),
            ("release-admitted.1", Field.Release) => new ReleaseAdmitted(new(release), null),
            ("release-admitted.1", Field.Release | Field.Serving) => new ReleaseAdmitted(new(release), mark),
            ("instance-planned.1", Field.Instance | Field.Mark | Field.Port) => new InstancePlanned(
                new(instance),
                mark,
                number
            ),
            ("instance-started.1", Field.Instance | Field.Pid | Field.StartTicks) => new InstanceStarted(
                new(instance),
                number,
                startTicks
            ),
            ("instance-health-changed.1", Field.Instance | Field.Healthy | Field.Reason) => new InstanceHealthChanged(
                new(instance),
                healthy,
                text
            ),
            ("instance-stopping.1", Field.Instance | Field.Reason) => new InstanceStopping(new(instance), text),
            ("instance-exited.1", Field.Instance | Field.Reason) => new InstanceExited(new(instance), null, text),
            ("instance-exited.1", Field.Instance | Field.ExitCode | Field.Reason) => new InstanceExited(
                new(instance),
                number,
                text
            ),
            ("promoted.1", Field.Release) => new Promoted(new(release)),
            ("guard-ended.1", Field.Release) => new GuardEnded(new(release)),
            _ => null,
        };

    private static Field Named(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("release"u8) ? Field.Release
        : reader.ValueTextEquals("step"u8) ? Field.Step
        : reader.ValueTextEquals("baseline"u8) ? Field.Serving
        : reader.ValueTextEquals("instance"u8) ? Field.Instance
        : reader.ValueTextEquals("results"u8) ? Field.Results
        : reader.ValueTextEquals("reason"u8) ? Field.Reason
        : reader.ValueTextEquals("stage"u8) ? Field.Stage
        : reader.ValueTextEquals("mark"u8) ? Field.Mark
        : reader.ValueTextEquals("healthy"u8) ? Field.Healthy
        : reader.ValueTextEquals("port"u8) ? Field.Port
        : reader.ValueTextEquals("pid"u8) ? Field.Pid
        : reader.ValueTextEquals("startTicks"u8) ? Field.StartTicks
        : reader.ValueTextEquals("exitCode"u8) ? Field.ExitCode
        : Field.None;

    private static bool Id(ref Utf8JsonReader reader, ReadOnlySpan<byte> prefix, out int id)
    {
        id = 0;
        var utf8 = reader.ValueSpan;
        return reader.TokenType == JsonTokenType.String
            && !reader.ValueIsEscaped
            && utf8.StartsWith(prefix)
            && Numbered.TryParse(utf8[prefix.Length..], out id);
    }

    private static bool Int(ref Utf8JsonReader reader, out int value)
    {
        value = 0;
        return reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out value);
    }

    private static bool Bool(ref Utf8JsonReader reader, out bool value)
    {
        value = reader.TokenType == JsonTokenType.True;
        return value || reader.TokenType == JsonTokenType.False;
    }

    private static bool Text(ref Utf8JsonReader reader, out string value)
    {
        var isText = reader.TokenType == JsonTokenType.String;
        value = isText ? ShortTexts.Of(ref reader) : "";
        return isText;
    }

    private static bool Other<T>(ref Utf8JsonReader reader, JsonTypeInfo<T> type, out T value)
    {
        var read = JsonSerializer.Deserialize(ref reader, type);
        value = read!;
        return read is not null;
    }
}
