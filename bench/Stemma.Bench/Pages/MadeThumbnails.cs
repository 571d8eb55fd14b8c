using System.Security.Cryptography;
using Npgsql;
using Stemma.Formats.Native;
using Stemma.Imaging.Previews;

namespace Stemma.Bench.Pages;

/// <summary>Pictures for a made catalog: a few hundred different ones as the reader would write them, each shown by many files.</summary>
internal static class MadeThumbnails
{
    private const int Count = 256;

    /// <summary>Gives one to every image that has none.</summary>
    /// <param name="data">Data folder of the hub.</param>
    public static async Task GiveAsync(NpgsqlConnection connection, string data, int seed)
    {
        var pictures = Enumerable.Range(0, Count).Select(number => Lattice(new Random((seed * Count) + number))).ToArray();
        foreach (var picture in pictures)
        {
            var hex = Convert.ToHexStringLower(SHA256.HashData(picture));
            Directory.CreateDirectory(Path.Combine(data, "artifacts", hex[..3]));
            await File.WriteAllBytesAsync(Path.Combine(data, "artifacts", hex[..3], hex), picture);
        }

        await using var insert = new NpgsqlCommand("""
            insert into artifacts (extraction_id, name, media_type, sha256, size)
            select n.extraction_id, 'thumbnail-0', 'image/jpeg', ($1::bytea[])[1 + n.number % cardinality($1::bytea[])], ($2::bigint[])[1 + n.number % cardinality($1::bytea[])]
            from (select extraction_id, row_number() over (order by id) as number from images) n on conflict do nothing
            """, connection)
        {
            Parameters = { new() { Value = pictures.Select(SHA256.HashData).ToArray() }, new() { Value = pictures.Select(picture => (long)picture.Length).ToArray() } },
        };
        await insert.ExecuteNonQueryAsync();
    }

    /// <summary>Two plane waves under noise, as a JPEG of the size of a thumbnail.</summary>
    private static byte[] Lattice(Random random)
    {
        const int Edge = PreviewRenderer.ThumbnailEdge;
        var (a, b, c, d) = (random.NextDouble() / 4, random.NextDouble() / 4, random.NextDouble() / 4, random.NextDouble() / 4);
        var pixels = new byte[Edge * Edge];
        for (var place = 0; place < pixels.Length; place++)
        {
            var (x, y) = (place % Edge, place / Edge);
            pixels[place] = (byte)(128 + (40 * Math.Sin((a * x) + (b * y))) + (40 * Math.Sin((c * x) - (d * y))) + random.Next(-40, 40));
        }

        return JpegEncoder.Encode(Edge, Edge, 1, pixels, JpegEncoder.ThumbnailQuality);
    }
}
