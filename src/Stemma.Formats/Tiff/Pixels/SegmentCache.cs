using Stemma.Formats.Tiff.Structure;

namespace Stemma.Formats.Tiff.Pixels;

/// <summary>Keeps the decoded strips and tiles used last, so that neighbouring regions do not decode them again. Safe for concurrent use.</summary>
internal sealed class SegmentCache
{
    /// <summary>Bytes of decoded pixels kept per file; a single larger segment is not kept.</summary>
    private const long LimitBytes = 64 << 20;

    private readonly Lock _lock = new();
    private readonly Dictionary<(TiffPage Page, long Index), LinkedListNode<((TiffPage, long) Key, byte[] Bytes)>> _nodes = [];
    private readonly LinkedList<((TiffPage, long) Key, byte[] Bytes)> _order = new();
    private long _bytes;

    public byte[] GetOrDecode(TiffPage page, long index, Func<byte[]> decode)
    {
        lock (_lock)
        {
            if (_nodes.TryGetValue((page, index), out var node))
            {
                _order.Remove(node);
                _order.AddFirst(node);
                return node.Value.Bytes;
            }
        }

        var bytes = decode();
        lock (_lock)
        {
            if (bytes.LongLength <= LimitBytes && !_nodes.ContainsKey((page, index)))
            {
                _nodes[(page, index)] = _order.AddFirst(((page, index), bytes));
                _bytes += bytes.LongLength;
                while (_bytes > LimitBytes && _order.Last is { } oldest)
                {
                    _order.RemoveLast();
                    _nodes.Remove(oldest.Value.Key);
                    _bytes -= oldest.Value.Bytes.LongLength;
                }
            }
        }

        return bytes;
    }
}
