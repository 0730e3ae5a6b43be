namespace Mintmark.Evidence;

/// <summary>A file that lists packages is not what it claims to be.</summary>
/// <param name="place">Where in the file, as a line or the path of a property.</param>
public sealed class MaterialsException(string file, string place, string wrong)
    : Exception($"{file}, {place}: {wrong}");
