using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using Stemma.Formats;
using Stemma.Imaging;

namespace Stemma.Hub.Tests.Worker;

/// <summary>A format of the tests: "TOY1", rows, columns (uint32), then uint16 pixels. A file "TOY!" is damaged, "TOY?" makes its reader fail.</summary>
internal sealed class ToyFormat : IFormat
{
    public static FormatRegistry Registry { get; } = new([new ToyFormat()]);

    public string Id => "toy";

    public string Name => "Toy";

    public string ReaderVersion => "3";

    public string MappingVersion => "5";

    public static byte[] Make(int rows, int columns)
    {
        var bytes = new byte[12 + (rows * columns * 2)];
        Encoding.ASCII.GetBytes("TOY1", bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), rows);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), columns);
        for (var index = 0; index < rows * columns; index++)
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(12 + (2 * index)), (ushort)index);
        return bytes;
    }

    public bool TryDetect(ReadOnlySpan<byte> header, string fileName) => header.StartsWith("TOY"u8);

    public ValueTask<FileSetContent> IdentifyAsync(FileSetInput input, CancellationToken cancellationToken)
    {
        var bytes = File.ReadAllBytes(input.Primary.Path);
        if (bytes[3] == '!')
            throw new MalformedFileException(input.Primary.Name, 3, "'1'", "'!'");
        if (bytes[3] == '?')
            throw new InvalidOperationException("the reader has a mistake");
        var (rows, columns) = (BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(4)), BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(8)));
        var acquisition = new Imaging.Vocabulary.Acquisition();
        acquisition.Set("accelerating_voltage", 200_000, "Toy.HT");
        return ValueTask.FromResult(new FileSetContent(this)
        {
            Images = [new Pixels(bytes, rows, columns)], Acquisition = acquisition, Warnings = ["made up"], Companions = ["toy.txt"],
            Members = input.Find("toy.txt") is { } text ? [(input.Primary.Name, MemberRole.Primary), (text.Name, MemberRole.Sidecar)] : [],
            Original = new JsonObject { ["Toy"] = new JsonObject { ["HT"] = 200, ["odd"] = double.NaN, ["half"] = "a\ud800b" } },
        });
    }

    private sealed class Pixels(byte[] file, int rows, int columns) : IImageSource
    {
        public ImageDescription Description { get; } = new("Eve", PixelType.UInt16, [new Axis("y", rows) { Scale = 0.5, Offset = 0, Unit = "nm" }, new Axis("x", columns)]);

        public ValueTask ReadAsync(Region region, Memory<byte> destination, CancellationToken cancellationToken = default)
        {
            for (long row = 0, at = 0; row < region.Size[0]; row++, at += region.Size[1] * 2)
                file.AsSpan((int)(12 + (((region.Origin[0] + row) * columns) + region.Origin[1]) * 2), (int)region.Size[1] * 2).CopyTo(destination.Span[(int)at..]);
            return ValueTask.CompletedTask;
        }
    }
}
