using System.Collections.Concurrent;
using System.Net;
using Stemma.Client;

namespace Stemma.Hub.Tests.Client;

public sealed class HubConnectionTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>The time that the hub has for its answer begins when it is asked: who waits behind a large body is not told that the hub does not answer.</summary>
    [Fact]
    public async Task Who_waits_for_a_turn_is_not_sent_and_has_not_begun_to_wait_for_the_hub()
    {
        using var hub = new Held();
        using var connection = new HubConnection(new Uri("http://hub.example"), null, hub, atOnce: 1);
        var first = connection.GetAsync<int[]>("first", Cancelled);
        var second = connection.GetAsync<int[]>("second", Cancelled);
        using var impatient = new CancellationTokenSource();
        var third = connection.GetAsync<int[]>("third", impatient.Token);
        hub.Asked.Select(asked => asked.Path).ShouldBe(["/api/v1/first"]);
        await impatient.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(third);

        hub.Asked.TryDequeue(out var held).ShouldBeTrue();
        held.Answer.SetResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("[]") });
        await first;
        while (!hub.Asked.TryDequeue(out held))
            await Task.Delay(1, Cancelled);
        held.Path.ShouldBe("/api/v1/second");
        held.Answer.SetException(new HttpRequestException("gone"));
        await Should.ThrowAsync<HttpRequestException>(second);

        var fourth = connection.GetAsync<int[]>("fourth", Cancelled);
        hub.Asked.ShouldHaveSingleItem().Answer.SetResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("[]") });
        await fourth;
    }

    private sealed class Held : HttpMessageHandler
    {
        public ConcurrentQueue<(string Path, TaskCompletionSource<HttpResponseMessage> Answer)> Asked { get; } = new();

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = new TaskCompletionSource<HttpResponseMessage>();
            Asked.Enqueue((request.RequestUri!.AbsolutePath, answer));
            return answer.Task;
        }
    }
}
