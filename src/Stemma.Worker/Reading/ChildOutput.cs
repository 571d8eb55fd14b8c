using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Stemma.Client;

namespace Stemma.Worker.Reading;

/// <summary>A reader child's side of the conversation. Safe for concurrent use.</summary>
internal sealed class ChildOutput(Stream stream)
{
    private static readonly JsonSerializerOptions Options = new(ClientJson.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
    private static readonly JsonWriterOptions Writing = new() { Encoder = Options.Encoder, MaxDepth = Options.MaxDepth, SkipValidation = true };
    private static readonly TimeSpan AliveEvery = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private readonly ArrayBufferWriter<byte> _line = new();
    private long _lastAlive = Environment.TickCount64;

    public void Write(ChildMessage message)
    {
        lock (_lock)
        {
            _line.ResetWrittenCount();
            using (var writer = new Utf8JsonWriter(_line, Writing))
                JsonSerializer.Serialize(writer, message, Options);
            _line.Write("\n"u8);
            stream.Write(_line.WrittenSpan);
            stream.Flush();
            _lastAlive = Environment.TickCount64;
        }
    }

    /// <summary>Says that it goes on, at most once a second.</summary>
    public void Alive(double? progress, string? note)
    {
        if (Environment.TickCount64 - Volatile.Read(ref _lastAlive) >= AliveEvery.TotalMilliseconds)
            Write(new ChildMessage(Alive: new ChildAlive(progress, note)));
    }
}
