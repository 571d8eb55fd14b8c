using System.IO.Pipelines;
using Stemma.Hub.Tests.Support;
using Stemma.Hub.Web;

namespace Stemma.Hub.Tests.Web;

/// <summary>Ten bytes are expected within every ten seconds of waiting.</summary>
public sealed class PacedReaderTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly SteppedClock _clock = new();
    private readonly Pipe _sender = new();
    private readonly PacedReader _reader;

    public PacedReaderTests() => _reader = new PacedReader(_sender.Reader, 10 * Second, 10, _clock);

    [Fact]
    public async Task A_slow_sender_that_gets_on_is_never_ended()
    {
        for (var second = 0; second < 100; second++)
        {
            var read = _reader.ReadAsync();
            _clock.Advance(Second);
            await SendAsync(2);
            var result = await read;
            result.IsCanceled.ShouldBeFalse();
            _reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }

        _reader.TryRead(out _).ShouldBeFalse();
    }

    [Fact]
    public async Task What_came_fast_is_no_credit_for_silence()
    {
        await SendAsync(5000);
        Consume(await _reader.ReadAsync());
        var read = _reader.ReadAsync();
        _clock.Advance(10 * Second);
        read.IsCompleted.ShouldBeFalse("within the patience much came");
        _clock.Advance(10 * Second);
        await RefusedAsync(read);
    }

    [Fact]
    public async Task A_silent_sender_is_ended()
    {
        var read = _reader.ReadAsync();
        _clock.Advance(9 * Second);
        read.IsCompleted.ShouldBeFalse();
        _clock.Advance(Second);
        await RefusedAsync(read);
    }

    [Fact]
    public async Task A_sender_that_dribbles_is_ended_and_what_came_is_handed_out_first()
    {
        for (var second = 0; second < 9; second++)
        {
            var dribble = _reader.ReadAsync();
            _clock.Advance(Second);
            await SendAsync(1);
            var came = await dribble;
            _reader.AdvanceTo(came.Buffer.Start, came.Buffer.End);
        }

        var read = _reader.ReadAsync();
        _clock.Advance(Second);
        var last = await read;
        last.IsCanceled.ShouldBeTrue();
        last.Buffer.Length.ShouldBe(9);
        Consume(last);
        await RefusedAsync(_reader.ReadAsync());
    }

    [Fact]
    public async Task Time_that_we_take_ourselves_does_not_count()
    {
        for (var round = 0; round < 5; round++)
        {
            await SendAsync(1);
            Consume(await _reader.ReadAsync());
            _clock.Advance(60 * Second);
        }

        await SendAsync(1);
        (await _reader.ReadAsync()).IsCanceled.ShouldBeFalse();
    }

    [Fact]
    public async Task The_end_ends_it()
    {
        var read = _reader.ReadAsync();
        await _sender.Writer.CompleteAsync();
        (await read).IsCompleted.ShouldBeTrue();
    }

    private static async Task RefusedAsync(ValueTask<ReadResult> read) => (await Should.ThrowAsync<Problem>(async () => await read)).Status.ShouldBe(408);

    private async Task SendAsync(int count) => await _sender.Writer.WriteAsync(new byte[count]);

    private void Consume(ReadResult result) => _reader.AdvanceTo(result.Buffer.End);
}
