using Mintmark.Releases;

namespace Mintmark.Build;

/// <summary>
/// Looks at what a build has used, as soon as its command has ended; what it returns makes the evidence once the
/// version is packed. Another capability does both, so the host joins them.
/// </summary>
/// <exception cref="StageFailedException">What the build has left makes no sense.</exception>
public delegate MakeEvidence ReadMaterials(IEnumerable<BuiltFile> files, SourceFacts source, Manifest manifest);

public delegate BuildEvidence MakeEvidence(BuiltVersion version);
