using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Stemma.Hub.Database;

namespace Stemma.Hub.Search.Indexing;

/// <summary>
/// Collects the lexemes of one document. Plain words are letters and digits only and have positions, so that phrases can be found; what belongs to a field
/// has a sign in it (<c>operator/jlau</c>, <c>tag=fcc iron</c>), so that the two never meet.
/// </summary>
internal sealed class WordVector
{
    /// <summary>Words beyond this are not indexed: a file's notes are, a book in a tag is not.</summary>
    public const int MostWords = 4000;
    public const int MostLexemes = 10_000;

    /// <summary>A tsvector holds 1 MiB of lexemes and positions. One that is larger would be refused, and with it everything that waits to be indexed.</summary>
    private const int MostBytes = 1_000_000;
    private const int LastPosition = 16_383;
    private const int MostPositions = 255;

    private readonly Dictionary<string, List<ushort>?> _lexemes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _words = new(StringComparer.Ordinal);
    private int _position = 1;
    private int _counted;
    private int _bytes;

    /// <summary>Words that are in it, plain or as those of a field: what may be asked for by its beginning.</summary>
    public IReadOnlySet<string> Words => _words;

    /// <summary>The words of a text, and, where <paramref name="prefix"/> is given, once more as those of its field.</summary>
    /// <param name="prefix">Such as <c>operator/</c>.</param>
    public void AddText(string text, string? prefix = null)
    {
        foreach (var run in Folding.Runs(text))
        {
            if (++_counted > MostWords)
                return;
            var whole = Folding.Words(run).First();
            AddWord(whole, prefix);
            var parts = Folding.Parts(run);
            for (var part = 0; part < parts.Count; part++)
            {
                if (part > 0)
                    _position++;
                AddWord(parts[part], prefix);
            }

            // Also where it ends, for phrases that go on from here.
            if (parts.Count > 1)
                AddWord(whole, null);
            _position++;
        }

        // Phrases do not reach from one text into the next.
        _position += 2;
    }

    /// <summary>A lexeme without position. Too long ones and too many are left out.</summary>
    public void AddExact(string lexeme)
    {
        var clean = SqlText.Clean(lexeme);
        if (_lexemes.ContainsKey(clean) || !HasRoomFor(clean))
            return;
        _lexemes.Add(clean, null);
        if (!clean.Contains('=', StringComparison.Ordinal))
            _words.Add(clean[(clean.LastIndexOf('/') + 1)..]);
    }

    /// <summary>As PostgreSQL receives a tsvector: the number of lexemes; for each its text, a NUL, the number of positions, the positions (big-endian).</summary>
    public byte[] ToBytes()
    {
        var bytes = new ArrayBufferWriter<byte>(256 + (_lexemes.Count * 16));
        BinaryPrimitives.WriteInt32BigEndian(bytes.GetSpan(4), _lexemes.Count);
        bytes.Advance(4);
        foreach (var (lexeme, positions) in _lexemes)
        {
            Encoding.UTF8.GetBytes(lexeme, bytes);
            var rest = bytes.GetSpan(3 + (2 * (positions?.Count ?? 0)));
            rest[0] = 0;
            BinaryPrimitives.WriteUInt16BigEndian(rest[1..], (ushort)(positions?.Count ?? 0));
            for (var place = 0; place < positions?.Count; place++)
                BinaryPrimitives.WriteUInt16BigEndian(rest[(3 + (2 * place))..], positions[place]);
            bytes.Advance(3 + (2 * (positions?.Count ?? 0)));
        }

        return bytes.WrittenSpan.ToArray();
    }

    private void AddWord(string word, string? prefix)
    {
        if (prefix is not null)
            AddExact(prefix + word);
        if (!_lexemes.TryGetValue(word, out var positions))
        {
            if (!HasRoomFor(word))
                return;
            _lexemes.Add(word, positions = []);
            _words.Add(word);
        }

        if (_position > LastPosition || positions!.Count >= MostPositions || (positions.Count > 0 && positions[^1] == _position) || _bytes + 2 > MostBytes)
            return;
        _bytes += 2;
        positions.Add((ushort)_position);
    }

    /// <summary>If so, it is counted: the lexeme, and at most four bytes before its positions.</summary>
    private bool HasRoomFor(string lexeme)
    {
        var bytes = Encoding.UTF8.GetByteCount(lexeme) + 4;
        if (_lexemes.Count >= MostLexemes || _bytes + bytes > MostBytes)
            return false;
        _bytes += bytes;
        return true;
    }
}
