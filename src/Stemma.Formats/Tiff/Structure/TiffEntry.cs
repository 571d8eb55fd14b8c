namespace Stemma.Formats.Tiff.Structure;

/// <summary>Types of a directory entry's values (TIFF 6.0 section 2; 13 from TIFF/EP; 16 to 18 from BigTIFF).</summary>
internal enum TiffFieldType : ushort
{
    Byte = 1, Ascii = 2, Short = 3, Long = 4, Rational = 5, SByte = 6, Undefined = 7, SShort = 8, SLong = 9, SRational = 10,
    Float = 11, Double = 12, Ifd = 13, Long8 = 16, SLong8 = 17, Ifd8 = 18,
}

/// <summary>One entry of a directory.</summary>
/// <param name="Count">Number of values as declared; not yet compared with the file.</param>
/// <param name="Position">Byte offset in the file of the first value, be it in the entry itself or elsewhere.</param>
internal readonly record struct TiffEntry(ushort Tag, TiffFieldType Type, long Count, long Position)
{
    /// <summary>Bytes of one value; 0 for a type that no specification names.</summary>
    public int ValueBytes => SizeOf(Type);

    public static int SizeOf(TiffFieldType type) => type switch
    {
        TiffFieldType.Byte or TiffFieldType.Ascii or TiffFieldType.SByte or TiffFieldType.Undefined => 1,
        TiffFieldType.Short or TiffFieldType.SShort => 2,
        TiffFieldType.Long or TiffFieldType.SLong or TiffFieldType.Float or TiffFieldType.Ifd => 4,
        TiffFieldType.Rational or TiffFieldType.SRational or TiffFieldType.Double or TiffFieldType.Long8 or TiffFieldType.SLong8 or TiffFieldType.Ifd8 => 8,
        _ => 0,
    };
}
