using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Mintmark.Tests")]
