using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Mintmark.Log;
using Xunit;

namespace Mintmark.Tests.Log;

public sealed class WhenJsonIsMadeCanonical
{
    [Theory]
    // RFC 8785, sections 3.2.2 and 3.2.3, and the test data that accompanies it, less the fractions.
    [InlineData(
        """{"literals":[null,true,false],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","""
            + """ "numbers":[333,1E3]}""",
        """{"literals":[null,true,false],"numbers":[333,1000],"string":"€$\u000f\nA'B\"\\\\\"/"}"""
    )]
    [InlineData(
        """{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","""
            + """ "1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"""
            + """ "Latin Small Letter O With Diaeresis"}""",
        "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\","
            + "\"ö\":\"Latin Small Letter O With Diaeresis\","
            + "\"€\":\"Euro Sign\",\"😀\":\"Emoji: Grinning Face\",\"\uFB33\":\"Hebrew Letter Dalet With Dagesh\"}"
    )]
    [InlineData("""[56,{"d":true,"10":null,"1":[ ]}]""", """[56,{"1":[],"10":null,"d":true}]""")]
    [InlineData(
        """{"peach":"This sorting order","péché":"is wrong according to French","pêche":"but canonicalization MUST","""
            + """ "sin":"ignore locale"}""",
        """{"peach":"This sorting order","péché":"is wrong according to French","pêche":"but canonicalization MUST","""
            + "\"sin\":\"ignore locale\"}"
    )]
    [InlineData(
        """{"1":{"f":{"f":"hi","F":5},"\n":56},"10":{},"":"empty","a":{},"111":[{"e":"yes","E":"no"}],"A":{}}""",
        """{"":"empty","1":{"\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{"E":"no","e":"yes"}],"A":{},"a":{}}"""
    )]
    [InlineData("""{"Unnormalized Unicode":"A\u030a"}""", "{\"Unnormalized Unicode\":\"A\u030a\"}")]
    [InlineData("""  "\b\t\n\f\r\u0001\u007f"  """, "\"\\b\\t\\n\\f\\r\\u0001\u007f\"")]
    public void ItIsThatOfRfc8785(string json, string canonical) => Assert.Equal(canonical, Canonical(json));

    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0", "0")]
    [InlineData("0.000", "0")]
    [InlineData("0e9999999999", "0")]
    [InlineData("-0.0e-5", "0")]
    [InlineData("1.0", "1")]
    [InlineData("10e-1", "1")]
    [InlineData("-12.50e3", "-12500")]
    [InlineData("1E+15", "1000000000000000")]
    [InlineData("9007199254740991", "9007199254740991")]
    [InlineData("-9007199254740991", "-9007199254740991")]
    [InlineData("900719925474099100e-2", "9007199254740991")]
    public void AnIntegerIsWrittenInOneWay(string json, string canonical) => Assert.Equal(canonical, Canonical(json));

    [Theory]
    [InlineData("4.50", "decimal string")]
    [InlineData("2e-3", "decimal string")]
    [InlineData("1.00000000000000000000000000000001", "decimal string")]
    [InlineData("1e-9999999999", "decimal string")]
    [InlineData("9007199254740992", "2^53-1")]
    [InlineData("-9007199254740992", "2^53-1")]
    [InlineData("1E30", "2^53-1")]
    [InlineData("1e9999999999", "2^53-1")]
    [InlineData("""{"a":1,"b":2,"\u0061":3}""", "\"a\" appears twice")]
    [InlineData("\"\\ud800\"", "Unicode")]
    [InlineData("\"\\udc00\\ud800\"", "Unicode")]
    [InlineData("{\"\\ud83d\":1}", "Unicode")]
    [InlineData("", "not JSON")]
    [InlineData("{} {}", "not JSON")]
    [InlineData("[1,]", "not JSON")]
    [InlineData("[1] // why", "not JSON")]
    [InlineData("NaN", "not JSON")]
    [InlineData("01", "not JSON")]
    [InlineData("\"\t\"", "not JSON")]
    public void WhatHasNoCanonicalFormIsRefusedWithTheReason(string json, string reason) =>
        Assert.Contains(reason, Refusal(Encoding.UTF8.GetBytes(json)), StringComparison.Ordinal);

    [Fact]
    public void InvalidUtf8IsRefused()
    {
        Assert.Contains("Unicode", Refusal([(byte)'"', 0xC3, 0x28, (byte)'"']), StringComparison.Ordinal);
        Assert.Contains("Unicode", Refusal([(byte)'"', 0xED, 0xA0, 0x80, (byte)'"']), StringComparison.Ordinal);
        Assert.Contains("not JSON", Refusal([0xEF, 0xBB, 0xBF, (byte)'1']), StringComparison.Ordinal);
    }

    [Fact]
    public void SixtyFourLevelsAreTakenAndSixtyFiveAreNot()
    {
        var deep = new string('[', 64) + new string(']', 64);
        Assert.Equal(deep, Canonical(deep));
        Assert.Contains("not JSON", Refusal(Encoding.UTF8.GetBytes($"[{deep}]")), StringComparison.Ordinal);
    }

    [Fact]
    public void TheOrderOfKeysDoesNotMatterAndTwiceIsAsOnce() =>
        Check.One(
            Config.QuickThrowOnFailure.WithQuietOnSuccess(true),
            Prop.ForAll(
                Values(3).ToArbitrary(),
                value =>
                {
                    var canonical = Canonical(value?.ToJsonString() ?? "null");
                    return Canonical(canonical) == canonical
                        && Canonical(Reversed(value)?.ToJsonString() ?? "null") == canonical
                        && JsonNode.DeepEquals(JsonNode.Parse(canonical), value);
                }
            )
        );

    static string Canonical(string json) =>
        Encoding.UTF8.GetString(CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(json)));

    static string Refusal(byte[] json) =>
        Assert.Throws<FormatException>(() => CanonicalJson.Canonicalize(json)).Message;

    static JsonNode? Reversed(JsonNode? value) =>
        value switch
        {
            JsonObject members => new JsonObject(
                members.Reverse().Select(member => KeyValuePair.Create(member.Key, Reversed(member.Value)))
            ),
            JsonArray items => new JsonArray([.. items.Select(Reversed)]),
            _ => value?.DeepClone(),
        };

    static Gen<JsonNode?> Values(int depth)
    {
        var text = Gen.Elements('a', 'B', '1', '"', '\\', '\n', '\u0001', '€', 'ö', '\uFB33')
            .ArrayOf()
            .Select(c => new string(c));
        var flat = Gen.OneOf(
            Gen.Constant<JsonNode?>(null),
            Gen.Choose(int.MinValue, int.MaxValue).Select(JsonNode? (n) => JsonValue.Create((long)n * 1000)),
            text.Select(JsonNode? (t) => JsonValue.Create(t))
        );
        if (depth == 0)
            return flat;
        var inner = Values(depth - 1);
        return Gen.OneOf(
            flat,
            inner.ArrayOf().Select(JsonNode? (items) => new JsonArray([.. items.Select(item => item?.DeepClone())])),
            text.Zip(inner)
                .ArrayOf()
                .Select(
                    JsonNode? (members) =>
                        new JsonObject(
                            members
                                .DistinctBy(member => member.Item1)
                                .Select(member => KeyValuePair.Create(member.Item1, member.Item2?.DeepClone()))
                        )
                )
        );
    }
}
