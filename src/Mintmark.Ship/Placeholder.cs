namespace Mintmark.Ship;

static class Placeholder { }
