using System.Buffers.Binary;
using System.Text;
using Stemma.Formats.Binary;

namespace Stemma.Formats.DigitalMicrograph;

/// <summary>
/// Walks the tag tree. What has been read before a damaged place is kept; <see cref="Damage"/> says where and why the walk ended.
/// Memory is bounded: long arrays stay in the file, and the numbers of tags and of characters kept are limited.
/// </summary>
internal sealed class DmTagReader(ByteSource file, DmHeader header)
{
    /// <summary>Arrays with more elements are not kept, only their place.</summary>
    public const int LongestArray = 256;

    private const int DeepestGroup = 32;
    private const int MostTags = 500_000;
    private const int LongestDescription = 4096;
    private const int LongestText = 256 * 1024;
    private const int MostCharacters = 16 * 1024 * 1024;

    private readonly ByteCursor _cursor = new(file, header.Bytes);
    private readonly List<string> _path = [];
    private int _tags;
    private long _characters;

    /// <summary>Why the tree is not complete; null where it is.</summary>
    public MalformedFileException? Damage { get; private set; }

    public DmGroup ReadTree(CancellationToken cancellationToken)
    {
        var root = new DmGroup();
        try
        {
            ReadGroup(root, cancellationToken);
        }
        catch (MalformedFileException damage)
        {
            Damage = damage;
        }

        return root;
    }

    private void ReadGroup(DmGroup group, CancellationToken cancellationToken)
    {
        if (_path.Count > DeepestGroup)
            throw Malformed(_cursor.Position, $"at most {DeepestGroup} nested groups", "one more");
        _cursor.Take(2); // sorted, open: how DM shows the group
        var count = ReadWord();
        for (ulong i = 0; i < count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (++_tags > MostTags)
                throw Malformed(_cursor.Position, $"at most {MostTags} tags", "one more");
            var place = _cursor.Position;
            var kind = _cursor.ReadByte();
            if (kind == 0)
                return;
            var nameBytes = _cursor.ReadUInt16BigEndian();
            if (nameBytes > 4096)
                throw Malformed(place, "a tag name of at most 4096 characters", $"{nameBytes}");
            var name = Encoding.Latin1.GetString(_cursor.Take(nameBytes));
            var rest = header.Version == 4 ? ReadWord() : 0;
            var body = _cursor.Position;
            _path.Add(name.Length > 0 ? name : $"[{group.Entries.Count}]");
            switch (kind)
            {
                case 20:
                    var child = new DmGroup();
                    group.Entries.Add(new DmEntry(name, child));
                    ReadGroup(child, cancellationToken);
                    break;
                case 21:
                    ReadData(group, name);
                    break;
                default:
                    throw Malformed(place, "a group (20) or a value (21)", $"a tag of kind {kind}");
            }

            // DM4 says how long a tag is; whoever wrote more than we understand is believed, as long as it leads forward.
            if (rest > 0 && rest < (ulong)(file.Length - body) && body + (long)rest > _cursor.Position)
                _cursor.Position = body + (long)rest;
            _path.RemoveAt(_path.Count - 1);
        }
    }

    private void ReadData(DmGroup group, string name)
    {
        var place = _cursor.Position;
        if (_cursor.ReadUInt32BigEndian() != 0x25252525)
            throw Malformed(place, "the delimiter %%%%", "something else");
        var words = ReadWord();
        if (words is 0 or > LongestDescription)
            throw Malformed(place, $"a type description of 1 to {LongestDescription} numbers", $"{words}");
        var description = new ulong[(int)words];
        for (var i = 0; i < description.Length; i++)
            description[i] = ReadWord();
        if (DmType.TryDecode(description) is not { } type)
            throw Malformed(place, "a known type description", $"[{string.Join(", ", description.Take(12))}{(words > 12 ? ", …" : "")}]");

        var offset = _cursor.Position;
        var isPixels = name == "Data" && _path.Count > 1 && _path[^2] == "ImageData";
        if (isPixels && type is DmArrayType pixels)
            group.Entries.Add(new DmEntry(name, new DmArray(pixels.Element, pixels.Count, offset, null)));
        if (type.Bytes > file.Length - offset)
            throw Malformed(offset, $"{type.Bytes} bytes ({type.Name})", $"{file.Length - offset} bytes before the end of the file");
        if (!isPixels || type is not DmArrayType)
            group.Entries.Add(new DmEntry(name, ReadValue(type, offset)));
        _cursor.Position = offset + type.Bytes;
    }

    private DmTag ReadValue(DmType type, long offset)
    {
        switch (type)
        {
            case DmScalarType scalar:
                _cursor.Position = offset;
                return ReadScalar(scalar.Code);
            case DmStructType structure:
                return ReadStruct(structure, offset);
            case DmStringType text:
                return ReadText(text.Count, offset) ?? (DmTag)new DmArray(new DmScalarType(DmScalarCode.UInt16), text.Count, offset, null);
            case DmArrayType { Element: DmScalarType { Code: DmScalarCode.UInt16 } } text when ReadText(text.Count, offset) is { } words:
                return words;
            case DmArrayType array:
                return ReadArray(array, offset);
            default:
                throw Malformed(offset, "a value", type.Name);
        }
    }

    private DmStruct ReadStruct(DmStructType structure, long offset)
    {
        var fields = new DmTag[structure.Fields.Count];
        for (var i = 0; i < fields.Length; i++)
        {
            fields[i] = ReadValue(structure.Fields[i], offset);
            offset += structure.Fields[i].Bytes;
        }

        return new DmStruct(fields);
    }

    private DmArray ReadArray(DmArrayType array, long offset)
    {
        // Only plain numbers and structs of a few are worth showing one by one.
        if (array.Count > LongestArray || array.Element.Bytes > 256 || array.Element is DmArrayType or DmStringType)
            return new DmArray(array.Element, array.Count, offset, null);
        var items = new DmTag[array.Count];
        for (var i = 0; i < items.Length; i++)
            items[i] = ReadValue(array.Element, offset + i * array.Element.Bytes);
        return new DmArray(array.Element, array.Count, offset, items);
    }

    private DmScalar ReadScalar(DmScalarCode code)
    {
        var little = header.LittleEndianValues;
        switch (code)
        {
            case DmScalarCode.Int16: return new DmScalar(little ? BinaryPrimitives.ReadInt16LittleEndian(_cursor.Take(2)) : BinaryPrimitives.ReadInt16BigEndian(_cursor.Take(2)));
            case DmScalarCode.UInt16: return new DmScalar(little ? BinaryPrimitives.ReadUInt16LittleEndian(_cursor.Take(2)) : BinaryPrimitives.ReadUInt16BigEndian(_cursor.Take(2)));
            case DmScalarCode.Int32: return new DmScalar(little ? BinaryPrimitives.ReadInt32LittleEndian(_cursor.Take(4)) : BinaryPrimitives.ReadInt32BigEndian(_cursor.Take(4)));
            case DmScalarCode.UInt32: return new DmScalar(little ? BinaryPrimitives.ReadUInt32LittleEndian(_cursor.Take(4)) : BinaryPrimitives.ReadUInt32BigEndian(_cursor.Take(4)));
            case DmScalarCode.Int64: return new DmScalar(little ? BinaryPrimitives.ReadInt64LittleEndian(_cursor.Take(8)) : BinaryPrimitives.ReadInt64BigEndian(_cursor.Take(8)));
            case DmScalarCode.UInt64: return new DmScalar(little ? BinaryPrimitives.ReadUInt64LittleEndian(_cursor.Take(8)) : BinaryPrimitives.ReadUInt64BigEndian(_cursor.Take(8)));
            case DmScalarCode.Float32: return new DmScalar(little ? BinaryPrimitives.ReadSingleLittleEndian(_cursor.Take(4)) : BinaryPrimitives.ReadSingleBigEndian(_cursor.Take(4)));
            case DmScalarCode.Float64: return new DmScalar(little ? BinaryPrimitives.ReadDoubleLittleEndian(_cursor.Take(8)) : BinaryPrimitives.ReadDoubleBigEndian(_cursor.Take(8)));
            case DmScalarCode.Boolean: return new DmScalar(_cursor.ReadByte() != 0);
            case DmScalarCode.Char: return new DmScalar((sbyte)_cursor.ReadByte());
            default: return new DmScalar(_cursor.ReadByte());
        }
    }

    /// <summary>Arrays of u2 are text as a rule; null where these are rather numbers, or too many.</summary>
    private DmText? ReadText(long count, long offset)
    {
        if (count > LongestText || _characters + count > MostCharacters)
            return null;
        var bytes = file.ReadBytes(offset, count * 2);
        var text = (header.LittleEndianValues ? Encoding.Unicode : Encoding.BigEndianUnicode).GetString(bytes).TrimEnd('\0');
        foreach (var character in text)
            if (character == '\uFFFD' || (char.IsControl(character) && character is not ('\t' or '\r' or '\n')))
                return null;
        _characters += count;
        return new DmText(text);
    }

    private ulong ReadWord() => header.WordBytes == 8 ? _cursor.ReadUInt64BigEndian() : _cursor.ReadUInt32BigEndian();

    private MalformedFileException Malformed(long offset, string expected, string found)
    {
        var path = new StringBuilder();
        foreach (var part in _path)
            path.Append(path.Length > 0 && part[0] != '[' ? "." : "").Append(part);
        return new MalformedFileException(file.Name, offset, path.Length > 0 ? $"{expected} at {path}" : expected, found);
    }
}
