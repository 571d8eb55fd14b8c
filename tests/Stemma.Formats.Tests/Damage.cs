using System.Diagnostics;
using Stemma.Imaging;

namespace Stemma.Formats.Tests;

/// <summary>Damages a file in many ways; whatever happens must be an answer or a <see cref="FileReadException"/>, and soon.</summary>
public static class Damage
{
    /// <summary>Cuts the file at <paramref name="cuts"/> places, most of them near the beginning and the end.</summary>
    public static async Task CutAnywhere(string name, byte[] bytes, int cuts, int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < cuts; i++)
        {
            var length = i switch
            {
                < 40 => i,
                _ when i % 4 == 0 => Math.Min(bytes.Length, random.Next(1100)),
                _ when i % 4 == 1 => Math.Max(0, bytes.Length - random.Next(1000)),
                _ => random.Next(bytes.Length),
            };
            await AnswerOrTypedError(name, bytes.AsMemory(0, Math.Min(length, bytes.Length)), $"cut to {length} bytes");
        }
    }

    /// <summary>Changes one to eight bytes, most of them in the first part of the file where headers are.</summary>
    public static async Task FlipAnywhere(string name, byte[] bytes, int rounds, int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < rounds; i++)
        {
            var damaged = (byte[])bytes.Clone();
            var places = new List<int>();
            for (var flips = 1 + random.Next(8); flips > 0; flips--)
            {
                var place = random.Next(i % 2 == 0 ? bytes.Length : Math.Min(bytes.Length, 1200));
                damaged[place] = random.Next(3) switch { 0 => 0xFF, 1 => 0, _ => (byte)random.Next(256) };
                places.Add(place);
            }

            await AnswerOrTypedError(name, damaged, $"bytes {string.Join(", ", places)} changed (seed {seed}, round {i})");
        }
    }

    private static async Task AnswerOrTypedError(string name, ReadOnlyMemory<byte> bytes, string damage)
    {
        using var file = new TemporaryFile(name, bytes.Span);
        var clock = Stopwatch.StartNew();
        try
        {
            await using var content = await file.Open();
            content.Original.ToJsonString().Length.ShouldBeLessThan(10_000_000, damage);
            foreach (var image in content.Images)
            {
                // The corners, not the whole: a partial image may be much larger than its file.
                var shape = image.Description.Shape;
                var size = shape.Select(length => Math.Min(length, 16)).ToArray();
                await PixelDigest.Read(image, new Region(new long[shape.Length], size));
                await PixelDigest.Read(image, new Region(shape.Zip(size, (length, part) => length - part).ToArray(), size));
            }
        }
        catch (FileReadException)
        {
            // A typed error is an answer.
        }
        catch (Exception error) when (error is not ShouldAssertException)
        {
            Assert.Fail($"{name}, {damage}: {error}");
        }

        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5), damage);
    }
}
