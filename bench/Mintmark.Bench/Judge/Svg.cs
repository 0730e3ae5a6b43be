using System.Globalization;
using System.Text;

namespace Mintmark.Bench.Judge;

/// <summary>A line chart. Coordinates are given in the chart's own units; axes are linear or logarithmic.</summary>
internal sealed class Svg(Svg.Axis x, Svg.Axis y, string title)
{
    private const int Width = 760;
    private const int Height = 420;
    private const int Left = 80;
    private const int Right = 190;
    private const int Top = 44;
    private const int Bottom = 56;

    private readonly StringBuilder body = new();
    private int legend;

    /// <param name="Ticks">Where a number stands.</param>
    internal sealed record Axis(string Name, double From, double To, bool Logarithmic, double[] Ticks)
    {
        public double Part(double value) =>
            Logarithmic
                ? (Math.Log(value) - Math.Log(From)) / (Math.Log(To) - Math.Log(From))
                : (value - From) / (To - From);
    }

    public void Line(string name, string colour, IEnumerable<(double X, double Y)> points, string dash = "")
    {
        var text = string.Join(' ', points.Select(p => Invariant($"{AtX(p.X):0.0},{AtY(p.Y):0.0}")));
        body.AppendLine(
            $"""<polyline points="{text}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>"""
        );
        Legend(name, colour, dash);
    }

    public void Dots(string name, string colour, IEnumerable<(double X, double Y)> points)
    {
        foreach (var (px, py) in points)
            body.AppendLine(Invariant($"""<circle cx="{AtX(px):0.0}" cy="{AtY(py):0.0}" r="4" fill="{colour}"/>"""));
        body.AppendLine(
            Invariant($"""<circle cx="{Width - Right + 26}" cy="{NextLegend()}" r="4" fill="{colour}"/>""")
        );
        Name(name);
    }

    public string ToText()
    {
        var text = new StringBuilder();
        text.AppendLine(
            $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" font-family="sans-serif">"""
        );
        text.AppendLine($"""<rect width="{Width}" height="{Height}" fill="white"/>""");
        text.AppendLine($"""<text x="{Left}" y="24" font-size="16" font-weight="bold">{title}</text>""");
        foreach (var tick in x.Ticks)
        {
            text.AppendLine(Invariant($"""<path d="M{AtX(tick):0.0} {Top}V{Height - Bottom}" stroke="#ddd"/>"""));
            text.AppendLine(Label(AtX(tick), Height - Bottom + 18, "middle", Number(tick)));
        }
        foreach (var tick in y.Ticks)
        {
            text.AppendLine(Invariant($"""<path d="M{Left} {AtY(tick):0.0}H{Width - Right}" stroke="#ddd"/>"""));
            text.AppendLine(Label(Left - 8, AtY(tick) + 4, "end", Number(tick)));
        }
        text.AppendLine(Label((Left + Width - Right) / 2.0, Height - 12, "middle", x.Name));
        text.AppendLine(
            Invariant(
                $"""<text transform="translate(20 {(Top + Height - Bottom) / 2}) rotate(-90)" text-anchor="middle" """
            ) + $"""font-size="12">{y.Name}</text>"""
        );
        return text.Append(body).AppendLine("</svg>").ToString();
    }

    private static string Number(double value) => value.ToString("#,0.###", CultureInfo.InvariantCulture);

    private static string Label(double atX, double atY, string anchor, string text) =>
        Invariant($"""<text x="{atX:0.0}" y="{atY:0.0}" text-anchor="{anchor}" font-size="12">{text}</text>""");

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private double AtX(double value) => Left + Math.Clamp(x.Part(value), 0, 1) * (Width - Left - Right);

    private double AtY(double value) => Height - Bottom - Math.Clamp(y.Part(value), 0, 1) * (Height - Top - Bottom);

    private int NextLegend() => Top + 10 + 20 * legend++;

    private void Legend(string name, string colour, string dash)
    {
        var (x0, y0) = (Width - Right + 12, NextLegend());
        body.AppendLine($"""<path d="M{x0} {y0}h28" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>""");
        Name(name);
    }

    private void Name(string name) =>
        body.AppendLine(Label(Width - Right + 46, Top + 14 + 20 * (legend - 1), "start", name));
}
