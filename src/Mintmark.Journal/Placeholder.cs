namespace Mintmark.Journal;

static class Placeholder { }
