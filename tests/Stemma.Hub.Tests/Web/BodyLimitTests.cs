using System.Net;
using System.Net.Http.Json;
using Stemma.Hub.Tests.Support;
using Stemma.Hub.Web;

namespace Stemma.Hub.Tests.Web;

public sealed class BodyLimitTests(TestDatabase database)
{
    [Fact]
    public async Task A_request_that_is_no_file_cannot_fill_the_memory()
    {
        await using var hub = await TestHub.StartAsync(database);
        using var client = hub.Client();
        using var answer = await client.PostAsJsonAsync("sign-in", new { login = new string('a', (int)RouteMetadata.MaxBodyBytes + 1), password = "x" });
        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }
}
