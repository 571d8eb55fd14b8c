using System.Globalization;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Stemma.Bench.Catalog;

/// <summary>A file with what reading it would have told: no pixels, but the metadata of one.</summary>
internal sealed record MadeFile(Guid Id, string Name, string[] Tags, Instrument Instrument, DateTime AcquiredAt, DateTime AddedAt, long Size, long[] Shape, string Axes, string Acquisition, byte[] Original)
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static readonly DateTime Begin = new(2016, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    public const int Years = 10;

    /// <summary>Of the vendor's tree.</summary>
    public byte[] Digest { get; } = SHA256.HashData(Original);

    /// <param name="number">Files come in in this order, and so do their dates, over <see cref="Years"/>.</param>
    /// <param name="of">Of how many.</param>
    /// <param name="operators">As instruments write them, the busiest first.</param>
    public static MadeFile Of(int seed, long number, long of, Skewed<string> operators)
    {
        var dice = new Dice(seed, number);
        var added = Begin.AddDays(Years * 365.0 * number / of);
        var acquired = added.AddDays(-30 * Math.Pow(dice.Next(), 4)).AddSeconds(-dice.Below(86_400));
        var instrument = Instrument.All.Draw(dice);
        var width = 256L << dice.Below(4);
        var pixel = dice.Scaled(2e-11, 5e-8);
        var (shape, axes) = Array(dice, width, pixel);
        return new MadeFile(dice.Id(added), $"{Wording.Name(dice)}_{number % 1000:000}{instrument.Extension}", [.. Enumerable.Range(0, dice.Is(0.3) ? 1 + dice.Below(3) : 0).Select(_ => Wording.Tags.Draw(dice)).Distinct()],
            instrument, acquired, added, shape.Aggregate(2L, (product, size) => product * size) + dice.Below(10_000), shape, axes, Mapped(dice, instrument, operators, acquired, pixel), Tree(dice, instrument));
    }

    private static (long[] Shape, string Axes) Array(Dice dice, long width, double pixel)
    {
        JsonObject Axis(string name, string role, long size, double scale, string unit) => new() { ["name"] = name, ["role"] = role, ["size"] = size, ["scale"] = scale, ["offset"] = 0, ["unit"] = unit };
        JsonArray image = [Axis("y", "signal", width, pixel, "m"), Axis("x", "signal", width, pixel, "m")];
        var kind = dice.Next();
        if (kind < 0.8)
            return ([width, width], image.ToJsonString());
        if (kind < 0.9)
            return ([64, 64, 2048], new JsonArray(Axis("y", "navigation", 64, pixel, "m"), Axis("x", "navigation", 64, pixel, "m"), Axis("energy", "signal", 2048, 0.1, "eV")).ToJsonString());
        if (kind < 0.95)
            return ([2048], new JsonArray(Axis("energy", "signal", 2048, 0.1, "eV")).ToJsonString());
        image.Insert(0, Axis("t", "navigation", 40, 0.1, "s"));
        return ([40, width, width], image.ToJsonString());
    }

    /// <summary>15 terms of the vocabulary.</summary>
    private static string Mapped(Dice dice, Instrument instrument, Skewed<string> operators, DateTime acquired, double pixel)
    {
        JsonObject Term(JsonValue value, string? unit, string source) => new() { ["value"] = value, ["unit"] = unit, ["source"] = $"{instrument.Root}.{source}" };
        return new JsonObject
        {
            ["instrument"] = Term(JsonValue.Create(instrument.Name), null, "Microscope.Name"),
            ["instrument_manufacturer"] = Term(JsonValue.Create(instrument.Manufacturer), null, "Microscope.Manufacturer"),
            ["instrument_identifier"] = Term(JsonValue.Create(instrument.Identifier), null, "Microscope.Identifier"),
            ["accelerating_voltage"] = Term(JsonValue.Create(dice.Of(instrument.Voltages)), "V", "Gun.Voltage"),
            ["nominal_magnification"] = Term(JsonValue.Create(Math.Round(dice.Scaled(10, 20_000)) * 100), null, "Optics.Magnification"),
            ["pixel_size"] = Term(JsonValue.Create(pixel), "m", "Scan.PixelSize"),
            ["detector"] = Term(JsonValue.Create(dice.Of(instrument.Detectors)), null, "Detector.Name"),
            ["operator"] = Term(JsonValue.Create(operators.Draw(dice)), null, "Session.User"),
            ["acquisition_time"] = Term(JsonValue.Create(acquired.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture)), null, "Acquisition.Time"),
            ["specimen"] = Term(JsonValue.Create($"{Wording.Words.Choices[dice.Below(40)]} {(char)('A' + dice.Below(12))}{dice.Below(20)}"), null, "Session.Specimen"),
            ["imaging_mode"] = Term(JsonValue.Create(dice.Of(instrument.Modes)), null, "Optics.Mode"),
            ["exposure_time"] = Term(JsonValue.Create(dice.Scaled(1e-6, 10)), "s", "Camera.Exposure"),
            ["stage_x"] = Term(JsonValue.Create((dice.Next() - 0.5) * 2e-3), "m", "Stage.X"),
            ["stage_y"] = Term(JsonValue.Create((dice.Next() - 0.5) * 2e-3), "m", "Stage.Y"),
            ["software"] = Term(JsonValue.Create(instrument.Software), null, "Acquisition.Software"),
        }.ToJsonString(Plain);
    }

    /// <summary>The vendor's tree: 60 keys, and now and then a note.</summary>
    private static byte[] Tree(Dice dice, Instrument instrument)
    {
        var tree = new JsonObject();
        void Put(string path, JsonValue value)
        {
            var names = path.Split('.');
            var at = tree;
            foreach (var name in names[..^1])
                at = at[name] as JsonObject ?? (JsonObject)(at[name] = new JsonObject());
            at[names[^1]] = value;
        }

        foreach (var (path, value) in instrument.Constant)
            Put(path, JsonValue.Create(value));
        foreach (var (path, values) in instrument.Choice)
            Put(path, JsonValue.Create(values.Draw(dice)));
        foreach (var path in instrument.Number)
            Put(path, JsonValue.Create(Math.Round(dice.Scaled(1e-3, 1e6), 6)));
        if (dice.Is(0.1))
            Put($"{instrument.Root}.Session.Note", JsonValue.Create(Wording.Sentence(dice, 5 + dice.Below(20))));
        return JsonSerializer.SerializeToUtf8Bytes(tree, Plain);
    }
}
