using Stemma.Formats.Tiff.Codecs;
using Stemma.Imaging;

namespace Stemma.Formats.Tiff.Structure;

/// <summary>How the samples of a page lie in an image.</summary>
internal enum SampleLayout
{
    /// <summary>One value or one colour per pixel: axes (y, x).</summary>
    Pixel,
    /// <summary>Several samples that are no colour, side by side: axes (y, x, sample).</summary>
    SamplesLast,
    /// <summary>Several samples that are no colour, as separate planes: axes (sample, y, x).</summary>
    SamplesFirst,
}

/// <summary>One page: size, pixel type, and where its strips or tiles (segments) lie.</summary>
internal sealed class TiffPage
{
    private readonly Lazy<(long[] Offsets, long[] Counts)> _segments;

    /// <exception cref="MalformedFileException">The layout tags are missing or contradict each other.</exception>
    /// <exception cref="UnsupportedVariantException">The kind of pixels is known but not read.</exception>
    public TiffPage(TiffDirectory directory, int number)
    {
        Directory = directory;
        Number = number;
        Width = Required(TiffTags.ImageWidth);
        Height = Required(TiffTags.ImageLength);
        Samples = (int)InRange(directory.Integer(TiffTags.SamplesPerPixel, 1), 1, 65535, "samples per pixel");
        Bits = (int)InRange(directory.Integer(TiffTags.BitsPerSample, 1), 1, 128, "bits per sample");
        Format = (int)directory.Integer(TiffTags.SampleFormat, 1);
        Photometric = (int)directory.Integer(TiffTags.PhotometricInterpretation, 1);
        Compression = (int)Math.Clamp(directory.Integer(TiffTags.Compression, TiffCompression.None), 0, int.MaxValue);
        Predictor = TiffCompression.UsesPredictor(Compression) ? (int)directory.Integer(TiffTags.Predictor, 1) : 1;
        IsBitReversed = directory.Integer(TiffTags.FillOrder, 1) == 2;
        SubfileType = directory.Integer(TiffTags.NewSubfileType, 0);
        IsPlanar = Samples > 1 && directory.Integer(TiffTags.PlanarConfiguration, 1) == 2;
        IsTiled = directory.Has(TiffTags.TileOffsets) || directory.Has(TiffTags.TileWidth);
        if (IsTiled)
        {
            SegmentWidth = Required(TiffTags.TileWidth);
            SegmentHeight = Required(TiffTags.TileLength);
        }
        else
        {
            SegmentWidth = Width;
            SegmentHeight = Math.Clamp(directory.Integer(TiffTags.RowsPerStrip, long.MaxValue), 1, Height);
        }

        SampleType = StoredType();
        (PixelType, Layout) = ImageType();
        // Products of these sizes must stay inside 64 bits everywhere below.
        var widest = Int128.Max((Int128)Width * Height, (Int128)SegmentWidth * SegmentHeight) * Samples * 16;
        if (widest > long.MaxValue / 4)
            throw new MalformedFileException(File.Source.Name, directory.Offset, "an image of fewer bytes", $"{Width} × {Height} pixels of {Samples} samples");
        _segments = new(ReadSegments);
    }

    public TiffDirectory Directory { get; }

    public TiffFile File => Directory.File;

    /// <summary>Place in the file, counted from 1 as people count pages.</summary>
    public int Number { get; }

    public long Width { get; }
    public long Height { get; }
    public int Samples { get; }

    /// <summary>Bits of one stored sample; of both parts together for complex numbers.</summary>
    public int Bits { get; }

    /// <summary>SampleFormat: 1 unsigned, 2 signed, 3 floating, 4 not said, 5 complex integer, 6 complex floating.</summary>
    public int Format { get; }

    public int Photometric { get; }
    public int Compression { get; }
    public int Predictor { get; }
    public bool IsBitReversed { get; }
    public bool IsPlanar { get; }
    public bool IsTiled { get; }
    public long SubfileType { get; }

    /// <summary>A smaller version of another page (thumbnail or pyramid level), or a mask for one.</summary>
    public bool IsReducedOrMask => (SubfileType & 0b101) != 0;

    public long SegmentWidth { get; }

    /// <summary>Rows of a segment; the last strip may have fewer, the last tile is filled up.</summary>
    public long SegmentHeight { get; }

    public long SegmentsAcross => (Width - 1) / SegmentWidth + 1;
    public long SegmentsDown => (Height - 1) / SegmentHeight + 1;

    /// <summary>Samples that lie together in one segment.</summary>
    public int SamplesTogether => IsPlanar ? 1 : Samples;

    /// <summary>Type of one sample once read.</summary>
    public PixelType SampleType { get; }

    /// <summary>Type of one pixel of the image: a colour type where the samples are one, else <see cref="SampleType"/>.</summary>
    public PixelType PixelType { get; }

    public SampleLayout Layout { get; }

    /// <summary>Bytes of a stored row of one segment.</summary>
    public long StoredRowBytes => checked((SegmentWidth * SamplesTogether * Bits + 7) / 8);

    /// <summary>Whether samples are stored as they are read, but for the byte order.</summary>
    public bool IsStoredAsRead => Bits == SampleType.Bytes * 8 && Format != 5;

    /// <summary>Bytes that change places between the byte orders.</summary>
    public int SwapBytes => SampleType.ChannelType.Bytes;

    public long[] SegmentOffsets => _segments.Value.Offsets;

    /// <summary>Stored bytes per segment; empty where the file does not say.</summary>
    public long[] SegmentCounts => _segments.Value.Counts;

    /// <summary>Why the pixels cannot be decoded here; null where they can.</summary>
    public string? WhyNotDecoded()
    {
        if (!TiffCompression.IsSupported(Compression))
            return $"page {Number} is compressed with {TiffCompression.Name(Compression)} (compression {Compression}), which is not decoded here";
        if (Predictor == 2 && Bits is not (8 or 16 or 32 or 64) || Predictor == 3 && (Format != 3 || Bits is not (16 or 24 or 32 or 64)) || Predictor is < 1 or > 3)
            return $"page {Number} has predictor {Predictor} on {Bits}-bit samples of format {Format}, which is not decoded here";
        if (Photometric == 6 && Compression == TiffCompression.None && Directory.Integers(TiffTags.YCbCrSubSampling) is not [1, 1])
            return $"page {Number} has subsampled YCbCr pixels, which are not decoded here";
        return Directory.Integer(TiffTags.ImageDepth, 1) > 1 ? $"page {Number} has a depth of more than one plane, which is not read here" : null;
    }

    private PixelType StoredType()
    {
        foreach (var other in Directory.Find(TiffTags.BitsPerSample) is { } entry ? Directory.Integers(entry, 65535) : [])
            if (other != Bits)
                throw new UnsupportedVariantException(File.Source.Name, $"page {Number} has samples of different widths ({Bits} and {other} bits)");
        return (Format, Bits) switch
        {
            (1 or 4, <= 8) => PixelType.UInt8,
            (1 or 4, <= 16) => PixelType.UInt16,
            (1 or 4, <= 32) => PixelType.UInt32,
            (1 or 4, <= 64) => PixelType.UInt64,
            (2, <= 8) => PixelType.Int8,
            (2, <= 16) => PixelType.Int16,
            (2, <= 32) => PixelType.Int32,
            (2, <= 64) => PixelType.Int64,
            (3, 16) => PixelType.Float16,
            (3, 24 or 32) => PixelType.Float32,
            (3, 64) => PixelType.Float64,
            (5, 16 or 32) => PixelType.Complex64,
            (5, 64) => PixelType.Complex128,
            (6, 64) => PixelType.Complex64,
            (6, 128) => PixelType.Complex128,
            _ => throw new UnsupportedVariantException(File.Source.Name, $"page {Number} has {Bits}-bit samples of format {Format}, which are not read here"),
        };
    }

    private (PixelType Type, SampleLayout Layout) ImageType()
    {
        var isColour = Photometric == 2 && Samples is 3 or 4;
        if (Samples == 1)
            return (SampleType, SampleLayout.Pixel);
        if (isColour && Bits == 8 && SampleType == PixelType.UInt8)
            return (Samples == 3 ? PixelType.Rgb8 : PixelType.Rgba8, SampleLayout.Pixel);
        if (isColour && SampleType == PixelType.UInt16)
            return (Samples == 3 ? PixelType.Rgb16 : PixelType.Rgba16, SampleLayout.Pixel);
        return (SampleType, IsPlanar ? SampleLayout.SamplesFirst : SampleLayout.SamplesLast);
    }

    private (long[] Offsets, long[] Counts) ReadSegments()
    {
        var offsets = Directory.Integers(IsTiled && Directory.Has(TiffTags.TileOffsets) ? TiffTags.TileOffsets : TiffTags.StripOffsets) ?? [];
        var counts = Directory.Integers(IsTiled && Directory.Has(TiffTags.TileByteCounts) ? TiffTags.TileByteCounts : TiffTags.StripByteCounts) ?? [];
        return (offsets, counts);
    }

    private long Required(ushort tag)
    {
        var value = Directory.Integer(tag, 0);
        return value is > 0 and <= uint.MaxValue
            ? value
            : throw new MalformedFileException(File.Source.Name, Directory.Offset, $"a positive {TiffTags.Name(tag)}", value.ToString());
    }

    private long InRange(long value, long least, long most, string what) => value >= least && value <= most
        ? value
        : throw new MalformedFileException(File.Source.Name, Directory.Offset, $"{least} to {most} {what}", value.ToString());
}
