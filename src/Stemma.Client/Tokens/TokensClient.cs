namespace Stemma.Client;

/// <param name="Scope">read, write, manage or work.</param>
public sealed record TokenRequest(string Name, string Scope, DateTimeOffset? ExpiresAt);

public sealed record Token(Guid Id, string Name, string Scope, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt);

/// <param name="Secret">The token itself (<c>stm_…</c>), told this once.</param>
public sealed record NewToken(
    Guid Id, string Name, string Scope, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, [property: System.Text.Json.Serialization.JsonPropertyName("token")] string Secret);

public sealed class TokensClient
{
    private readonly HubConnection _connection;

    internal TokensClient(HubConnection connection) => _connection = connection;

    public IAsyncEnumerable<Token> ListAsync(CancellationToken cancellationToken = default) => _connection.ListAsync<Token>("tokens", cancellationToken);

    public Task<NewToken> CreateAsync(TokenRequest request, CancellationToken cancellationToken = default) =>
        _connection.PostAsync<NewToken>("tokens", request, cancellationToken);

    public Task RevokeAsync(Guid id, CancellationToken cancellationToken = default) => _connection.DeleteAsync($"tokens/{id}", cancellationToken);
}
