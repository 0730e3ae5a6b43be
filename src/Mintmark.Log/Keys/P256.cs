using System.Security.Cryptography;

namespace Mintmark.Log;

static class P256
{
    const string Oid = "1.2.840.10045.3.1.7";

    public static void Require(ECDsa key)
    {
        if (key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value != Oid)
            throw new FormatException("the key is not on the curve P-256");
    }
}
