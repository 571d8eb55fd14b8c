namespace Stemma.Formats.DigitalMicrograph;

/// <summary>Type of a tag's value, as the numbers of its description say.</summary>
internal abstract record DmType
{
    /// <summary>Bytes that a value takes in the file.</summary>
    public abstract long Bytes { get; }

    /// <summary>The word for it in summaries.</summary>
    public abstract string Name { get; }

    /// <summary>Decodes one type from the numbers that follow the <c>%%%%</c> of a data tag.</summary>
    /// <returns>Null where the numbers make no type.</returns>
    public static DmType? TryDecode(ReadOnlySpan<ulong> description)
    {
        try
        {
            var rest = description;
            var type = Decode(ref rest, 0);
            return rest.IsEmpty && type is { Bytes: >= 0 } ? type : null;
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static DmType? Decode(ref ReadOnlySpan<ulong> rest, int depth)
    {
        if (rest.IsEmpty || depth > 8)
            return null;
        var code = rest[0];
        rest = rest[1..];
        switch (code)
        {
            case 15:
                if (rest.Length < 2 || rest[1] > (ulong)(rest.Length - 2) / 2)
                    return null;
                var fields = new DmType[(int)rest[1]];
                rest = rest[2..];
                for (var i = 0; i < fields.Length; i++)
                {
                    if (rest.IsEmpty)
                        return null;
                    rest = rest[1..];
                    if (Decode(ref rest, depth + 1) is not { } part)
                        return null;
                    fields[i] = part;
                }

                return new DmStructType(fields);
            case 18:
                return TakeCount(ref rest) is { } length ? new DmStringType(length) : null;
            case 20:
                return Decode(ref rest, depth + 1) is { } element && TakeCount(ref rest) is { } count ? new DmArrayType(element, count) : null;
            default:
                return code <= 12 && Enum.IsDefined((DmScalarCode)code) ? new DmScalarType((DmScalarCode)code) : null;
        }
    }

    private static long? TakeCount(ref ReadOnlySpan<ulong> rest)
    {
        if (rest.IsEmpty || rest[0] > long.MaxValue)
            return null;
        var count = (long)rest[0];
        rest = rest[1..];
        return count;
    }
}

internal enum DmScalarCode { Int16 = 2, Int32 = 3, UInt16 = 4, UInt32 = 5, Float32 = 6, Float64 = 7, Boolean = 8, Char = 9, Byte = 10, Int64 = 11, UInt64 = 12 }

internal sealed record DmScalarType(DmScalarCode Code) : DmType
{
    public override long Bytes => Code switch
    {
        DmScalarCode.Boolean or DmScalarCode.Char or DmScalarCode.Byte => 1,
        DmScalarCode.Int16 or DmScalarCode.UInt16 => 2,
        DmScalarCode.Int32 or DmScalarCode.UInt32 or DmScalarCode.Float32 => 4,
        _ => 8,
    };

    public override string Name => Code.ToString().ToLowerInvariant();
}

internal sealed record DmStructType(IReadOnlyList<DmType> Fields) : DmType
{
    public override long Bytes { get; } = Fields.Aggregate(0L, (sum, part) => checked(sum + part.Bytes));

    public override string Name => $"({string.Join(", ", Fields.Select(part => part.Name))})";
}

/// <param name="Count">Number of UTF-16 code units.</param>
internal sealed record DmStringType(long Count) : DmType
{
    public override long Bytes { get; } = checked(Count * 2);

    public override string Name => "text";
}

internal sealed record DmArrayType(DmType Element, long Count) : DmType
{
    public override long Bytes { get; } = checked(Element.Bytes * Count);

    public override string Name => $"{Element.Name}[{Count}]";
}
