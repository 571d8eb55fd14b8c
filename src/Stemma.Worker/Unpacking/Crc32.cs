namespace Stemma.Worker.Unpacking;

/// <summary>The check sum of zip entries (ISO 3309, polynomial 0xEDB88320 reflected), eight bytes at a time.</summary>
internal struct Crc32
{
    private static readonly uint[][] Tables = MakeTables();
    private uint _register;

    public Crc32() => _register = uint.MaxValue;

    public readonly uint Value => ~_register;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        var register = _register;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            var low = register ^ System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            register = Tables[7][low & 0xFF] ^ Tables[6][(low >> 8) & 0xFF] ^ Tables[5][(low >> 16) & 0xFF] ^ Tables[4][low >> 24]
                ^ Tables[3][bytes[4]] ^ Tables[2][bytes[5]] ^ Tables[1][bytes[6]] ^ Tables[0][bytes[7]];
        }

        foreach (var value in bytes)
            register = Tables[0][(register ^ value) & 0xFF] ^ (register >> 8);
        _register = register;
    }

    private static uint[][] MakeTables()
    {
        var tables = new uint[8][];
        for (var table = 0; table < 8; table++)
        {
            tables[table] = new uint[256];
            for (uint index = 0; index < 256; index++)
            {
                var value = table == 0 ? index : tables[table - 1][index];
                for (var bit = 0; bit < 8; bit++)
                    value = (value & 1) != 0 ? (value >> 1) ^ 0xEDB88320 : value >> 1;
                tables[table][index] = value;
            }
        }

        return tables;
    }
}
