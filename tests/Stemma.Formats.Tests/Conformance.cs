using System.Text.Json;
using Stemma.Imaging;

namespace Stemma.Formats.Tests;

/// <summary>Compares what we read from a sample with what independent readers got.</summary>
public static class Conformance
{
    /// <summary>
    /// Every image of one of the trusted readers is found, with the same pixels, type, statistics and calibration of its axes.
    /// Image axes of length 1 and axes that the other reader left without a unit are not compared.
    /// </summary>
    public static async Task ShouldAgree(string sample)
    {
        var expected = Samples.Expected(sample);
        await using var content = await Samples.Open(sample);
        content.Images.ShouldNotBeEmpty();
        var found = new Dictionary<string, IImageSource>();
        foreach (var image in content.Images)
        {
            image.Description.Partial.ShouldBeNull();
            found[await SameFromBoth(image)] = image;
        }

        var reader = expected.Readers.FirstOrDefault(candidate => candidate.Images.All(image => found.ContainsKey(image.GetProperty("sha256").GetString()!)));
        reader.Images.ShouldNotBeNull($"No trusted reader's images are all found; ours are {string.Join(", ", found.Select(pair => Shape(pair.Value) + " " + pair.Key))}.");
        content.Images.Count.ShouldBe(reader.Images.Count);
        foreach (var (_, images) in expected.Readers)
            foreach (var image in images)
                if (found.TryGetValue(image.GetProperty("sha256").GetString()!, out var ours))
                    await Compare(ours, image);
    }

    /// <summary>Both our statistics and the plain loops must agree, before anything else is compared.</summary>
    private static async Task<string> SameFromBoth(IImageSource image)
    {
        var statistics = await ImageStatistics.ComputeAsync(image, 1 << 16, TestContext.Current.CancellationToken);
        var plain = await PixelDigest.Compute(image);
        statistics.Sha256.ShouldBe(plain.Sha256);
        statistics.Min.ShouldBe(plain.Min);
        statistics.Max.ShouldBe(plain.Max);
        ShouldBeNear(statistics.Mean!.Value, plain.Mean, 1e-12);
        return plain.Sha256;
    }

    private static async Task Compare(IImageSource ours, JsonElement expected)
    {
        var description = ours.Description;
        var shape = expected.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray();
        description.Shape.Where(size => size > 1).ShouldBe(shape.Where(size => size > 1));
        TypeName(description.PixelType).ShouldBeOneOf(TypeNames(expected.GetProperty("dtype"), description.PixelType));
        var statistics = await ImageStatistics.ComputeAsync(ours, cancellationToken: TestContext.Current.CancellationToken);
        if (!description.PixelType.IsComplex && SameSign(expected, description.PixelType))
        {
            ShouldBeNear(statistics.Min!.Value, expected.GetProperty("min").GetDouble());
            ShouldBeNear(statistics.Max!.Value, expected.GetProperty("max").GetDouble());
            ShouldBeNear(statistics.Mean!.Value, expected.GetProperty("mean").GetDouble());
            ShouldBeNear(statistics.Std!.Value, expected.GetProperty("std").GetDouble());
        }
        else if (description.PixelType.IsComplex)
        {
            ShouldBeNear(statistics.Min!.Value, expected.GetProperty("real_min").GetDouble());
            ShouldBeNear(statistics.Max!.Value, expected.GetProperty("real_max").GetDouble());
            ShouldBeNear(statistics.Imaginary!.Min!.Value, expected.GetProperty("imag_min").GetDouble());
            ShouldBeNear(statistics.Imaginary!.Max!.Value, expected.GetProperty("imag_max").GetDouble());
            ShouldBeNear(statistics.Mean!.Value, expected.GetProperty("mean")[0].GetDouble());
            ShouldBeNear(statistics.Imaginary!.Mean!.Value, expected.GetProperty("mean")[1].GetDouble());
            ShouldBeNear(statistics.Std!.Value, expected.GetProperty("std").GetDouble());
        }

        if (expected.TryGetProperty("axes", out var axes) && axes.GetArrayLength() == description.Axes.Count)
            for (var i = 0; i < description.Axes.Count; i++)
                CompareAxis(description.Axes[i], axes[i]);
    }

    private static void CompareAxis(Axis ours, JsonElement expected)
    {
        ours.Size.ShouldBe(expected.GetProperty("size").GetInt64());
        if (Metres(expected.GetProperty("units").GetString()) is not { } theirUnit || expected.GetProperty("scale").GetDouble() is 0 or double.NaN)
            return;
        var scale = Math.Abs(expected.GetProperty("scale").GetDouble());
        // HyperSpy 1.7 forgot that the header has Å; the newer reader is right.
        if (scale * theirUnit >= 1e-7 && ours.Unit == "nm")
            return;
        var unit = Metres(ours.Unit).ShouldNotBeNull($"Axis {ours.Name} has unit '{ours.Unit}'.");
        ShouldBeNear(ours.Scale!.Value * unit, scale * theirUnit, 1e-6);
        (ours.Offset!.Value * unit).ShouldBe(expected.GetProperty("offset").GetDouble() * theirUnit, Math.Max(scale, Math.Abs(expected.GetProperty("offset").GetDouble())) * theirUnit * 1e-6);
    }

    private static double? Metres(string? unit) => unit switch
    {
        "nm" => 1e-9,
        "\u00b5m" => 1e-6,
        "eV" => 1,
        "keV" => 1e3,
        _ => null,
    };

    private static string Shape(IImageSource image) => $"[{string.Join(", ", image.Description.Shape)}] {image.Description.PixelType.Name}";

    private static string TypeName(PixelType type) => type.IsColour ? type.ChannelType.Name + "×" + type.Channels : type.Name;

    /// <summary>DM's truth values are bytes here, and of mode 0 readers differ in the sign.</summary>
    private static string[] TypeNames(JsonElement type, PixelType ours) => type.ValueKind == JsonValueKind.Object
        ? [$"{type.GetProperty("each").GetString()}×{type.GetProperty("names").GetArrayLength()}"]
        : type.GetString() switch { "bool" => ["uint8"], "uint8" when ours == PixelType.Int8 => ["int8"], var name => [name!] };

    private static bool SameSign(JsonElement expected, PixelType ours) => expected.GetProperty("dtype").ValueKind == JsonValueKind.Object || expected.GetProperty("dtype").GetString() != "uint8" || ours != PixelType.Int8;

    private static void ShouldBeNear(double value, double expected, double tolerance = 1e-9) =>
        value.ShouldBe(expected, Math.Max(Math.Abs(expected) * tolerance, 1e-300));
}
