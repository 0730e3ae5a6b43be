using Spectre.Console;
using Spectre.Console.Rendering;

namespace Mintmark.Cli;

internal enum Tone
{
    Plain,
    Strong,
    Quiet,
    Good,
    Bad,
    Waiting,
}

/// <summary>A piece of a line.</summary>
internal readonly record struct Ink
{
    public Ink(string text, Tone tone = Tone.Plain)
    {
        Text = Printable.Line(text);
        Tone = tone;
    }

    public string Text { get; }

    public Tone Tone { get; }

    public static implicit operator Ink(string text) => new(text);

    public static Ink Of(bool good, string text) => new(text, good ? Tone.Good : Tone.Bad);
}

/// <summary>Lines to be printed or, on a terminal, drawn in colour; the same words either way.</summary>
internal sealed class Page
{
    private const int NameWidth = 10;
    private const string ColumnGap = "  ";

    private readonly List<Ink[]> lines = [];

    public Page Line(params Ink[] inks)
    {
        lines.Add(inks);
        return this;
    }

    /// <summary>A name, and what there is to say, in a second column.</summary>
    public Page Field(string name, params Ink[] inks)
    {
        lines.Add([new Ink($"  {name.PadRight(NameWidth)} ", Tone.Quiet), .. inks]);
        return this;
    }

    /// <summary>Text of several lines as it is.</summary>
    public Page Text(string text)
    {
        foreach (var line in text.TrimEnd('\n').Split('\n'))
            Line(line);
        return this;
    }

    /// <summary>Cells below each other; all but the last of a row are as wide as the widest of their column.</summary>
    public Page Rows(string indent, IReadOnlyList<Ink[]> rows)
    {
        if (rows.Count == 0)
            return this;
        var widths = new int[rows.Max(r => r.Length)];
        foreach (var row in rows)
            for (var i = 0; i < row.Length; i++)
                widths[i] = Math.Max(widths[i], row[i].Text.Length);
        foreach (var row in rows)
            lines.Add([indent, .. row.SelectMany((cell, i) => Cell(cell, i == row.Length - 1 ? 0 : widths[i]))]);
        return this;
    }

    public void Write(Terminal terminal)
    {
        if (terminal.IsLive)
            AnsiConsoleOf(terminal).Write(ToRenderable());
        else
            foreach (var line in lines)
                terminal.Out.WriteLine(string.Concat(line.Select(i => i.Text)).TrimEnd());
    }

    public IRenderable ToRenderable() =>
        new Rows(
            lines.Select(line =>
            {
                var text = new Paragraph();
                foreach (var ink in line.Where(i => i.Text.Length > 0))
                    text.Append(ink.Text, StyleOf(ink.Tone));
                return (IRenderable)(line.Length > 0 ? text : new Text(" "));
            })
        );

    public static IAnsiConsole AnsiConsoleOf(Terminal terminal)
    {
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.Yes,
                Interactive = InteractionSupport.Yes,
                Out = new AnsiConsoleOutput(terminal.Out),
            }
        );
        console.Profile.Width = terminal.Width;
        return console;
    }

    private static IEnumerable<Ink> Cell(Ink cell, int width) =>
        width == 0 ? [cell] : [cell, new string(' ', width - cell.Text.Length) + ColumnGap];

    private static Style StyleOf(Tone tone) =>
        tone switch
        {
            Tone.Strong => new Style(decoration: Decoration.Bold),
            Tone.Quiet => new Style(foreground: Color.Grey),
            Tone.Good => new Style(foreground: Color.Green),
            Tone.Bad => new Style(foreground: Color.Red, decoration: Decoration.Bold),
            Tone.Waiting => new Style(foreground: Color.Yellow),
            _ => Style.Plain,
        };
}
