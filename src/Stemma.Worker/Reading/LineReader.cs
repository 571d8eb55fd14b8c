using System.Text;

namespace Stemma.Worker.Reading;

/// <summary>Reads lines of bounded length; a child may have been taken over by the file it read.</summary>
internal sealed class LineReader(Stream stream, int longest = 256 << 20)
{
    private byte[] _buffer = new byte[16 << 10];
    private int _start;
    private int _end;

    /// <summary>The next line without its end; valid until the next call. Null at the end of the stream.</summary>
    /// <exception cref="InvalidDataException">The line is too long.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        var searched = 0;
        while (true)
        {
            var found = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (found >= 0)
            {
                var line = _buffer.AsMemory(_start, searched + found);
                _start += searched + found + 1;
                return line;
            }

            searched = _end - _start;
            MakeRoom();
            var count = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
            if (count == 0)
                return null;
            _end += count;
        }
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end < _buffer.Length)
            return;
        if (_buffer.Length >= longest)
            throw new InvalidDataException($"a line of more than {longest} bytes, beginning with {Encoding.UTF8.GetString(_buffer.AsSpan(0, 60))}");
        Array.Resize(ref _buffer, _buffer.Length * 2);
    }
}
