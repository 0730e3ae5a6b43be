using System.Text;

namespace Mintmark.Gate;

/// <summary>Every control that there is, and the norms that they serve.</summary>
/// <param name="Norms">Full names by short ones.</param>
public sealed record Catalogue(
    int Version,
    IReadOnlyDictionary<string, string> Norms,
    IReadOnlyDictionary<string, Control> Controls
)
{
    private static readonly Lazy<Catalogue> Embedded = new(() =>
        CatalogueReader.Read(Resource("Catalogue.controls.yaml"), "controls.yaml")
    );

    /// <summary>The one of this program.</summary>
    public static Catalogue Shipped => Embedded.Value;

    /// <summary>In the order of the file.</summary>
    public IEnumerable<Control> Floor => Controls.Values.Where(c => c.Floor);

    internal static string Resource(string name)
    {
        var assembly = typeof(Catalogue).Assembly;
        using var stream = assembly.GetManifestResourceStream($"Mintmark.Gate.{name}")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
