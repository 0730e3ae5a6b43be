using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Mintmark.Tests")]
[assembly: InternalsVisibleTo("Mintmark.Bench")]
