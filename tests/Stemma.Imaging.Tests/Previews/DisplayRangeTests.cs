using Stemma.Imaging.Previews;

namespace Stemma.Imaging.Tests.Previews;

public sealed class DisplayRangeTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Limits_are_those_of_a_plain_sort(int seed)
    {
        var random = new Random(seed);
        var values = Enumerable.Range(0, 50_000 + (seed * 7)).Select(_ => (float)((random.NextDouble() + random.NextDouble() - 1) * 3000)).ToArray();
        var sorted = values.Order().ToArray();
        var range = DisplayRange.Choose(values, PixelType.Float32);
        range.Low.ShouldBe(sorted[(int)Math.Round(0.0035 * (sorted.Length - 1))]);
        range.High.ShouldBe(sorted[(int)Math.Round(0.9965 * (sorted.Length - 1))]);
        range.Scale.ShouldBe(DisplayScale.Linear);
    }

    [Fact]
    public void A_sample_of_a_large_image_comes_close_to_all_of_it()
    {
        var values = new float[3_000_000];
        for (var i = 0; i < values.Length; i++)
            values[i] = (i * 7919L) % 10_000;
        var range = DisplayRange.Choose(values, PixelType.UInt16);
        range.Low.ShouldBe(35, 3);
        range.High.ShouldBe(9965, 3);
    }

    [Fact]
    public void What_is_no_number_does_not_count()
    {
        float[] values = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, .. Enumerable.Range(1, 1000).Select(i => (float)i)];
        var range = DisplayRange.Choose(values, PixelType.Float32);
        range.Low.ShouldBe(4, 1);
        range.High.ShouldBe(997, 1);
        DisplayRange.Choose([float.NaN], PixelType.Float32).High.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Photographs_of_8_bit_keep_their_brightness_unless_it_hardly_varies()
    {
        float[] photograph = [.. Enumerable.Range(0, 4000).Select(i => 20f + (i % 150))];
        DisplayRange.Choose(photograph, PixelType.UInt8).ShouldBe(DisplayRange.Full8Bit);
        DisplayRange.Choose(photograph, PixelType.Rgb8).ShouldBe(DisplayRange.Full8Bit);
        float[] labels = [.. Enumerable.Range(0, 4000).Select(i => (float)(i % 6))];
        var range = DisplayRange.Choose(labels, PixelType.UInt8);
        (range.Low, range.High).ShouldBe((0, 5));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(1001)]
    public void Brightness_is_that_of_a_plain_loop_for_any_number_of_values(int count)
    {
        var random = new Random(count);
        float[] odd = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, -0f, 0f, 300, -300, 99.99f, 200.01f];
        var values = Enumerable.Range(0, count).Select(i => i % 7 == 3 ? odd[random.Next(odd.Length)] : (float)(random.NextDouble() * 400) - 100).ToArray();
        var range = new DisplayRange(-20, 200);
        var shown = new byte[count];
        range.Map(values, shown);
        for (var i = 0; i < count; i++)
        {
            var value = (values[i] + 20f) * ((float)(1.0 / 220) * 255);
            shown[i].ShouldBe(value >= 255 ? (byte)255 : value > 0 ? (byte)(value + 0.5f) : (byte)0, $"value {values[i]}");
        }
    }

    [Fact]
    public void An_even_image_is_grey()
    {
        var grey = new byte[1];
        DisplayRange.Choose([7, 7, 7], PixelType.Float32).Map([7], grey);
        grey[0].ShouldBeInRange((byte)120, (byte)135);
        DisplayRange.Choose([513.0001f, 513, 513, 512.9999f], PixelType.UInt16).ShouldBe(new DisplayRange(512.9999f - 0.5, 513.0001f + 0.5));
        DisplayRange.Choose([255, 255], PixelType.Rgb8).ShouldBe(DisplayRange.Full8Bit);
    }

    [Fact]
    public void A_few_hot_pixels_do_not_darken_the_rest()
    {
        var values = Enumerable.Range(0, 10_000).Select(i => 1000f + (i % 100)).ToArray();
        values[17] = 60_000;
        DisplayRange.Choose(values, PixelType.UInt16).High.ShouldBe(1099);
    }

    [Fact]
    public void A_diffraction_pattern_is_shown_on_a_logarithmic_scale_where_its_ground_stays_visible()
    {
        var random = new Random(6);
        var values = Enumerable.Range(0, 100_000).Select(i => 10f + (float)(random.NextDouble() * 8) + (i % 500 == 0 ? 20_000 : 0)).ToArray();
        var range = DisplayRange.Choose(values, PixelType.UInt16, isReciprocal: true);
        range.Scale.ShouldBe(DisplayScale.Logarithmic);
        var shown = new byte[3];
        range.Map([14, (float)range.High, float.NaN], shown);
        shown[0].ShouldBeGreaterThan((byte)15);
        shown[1].ShouldBe((byte)255);
        shown[2].ShouldBe((byte)0);
    }
}
