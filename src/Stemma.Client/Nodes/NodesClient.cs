namespace Stemma.Client;

public sealed class NodesClient
{
    private readonly HubConnection _connection;

    internal NodesClient(HubConnection connection) => _connection = connection;

    public Task<Node> GetAsync(Guid id, CancellationToken cancellationToken = default) => _connection.GetAsync<Node>($"nodes/{id}", cancellationToken);

    public IAsyncEnumerable<Node> ProjectsAsync(CancellationToken cancellationToken = default) => _connection.ListAsync<Node>("projects", cancellationToken);

    public IAsyncEnumerable<Node> SpacesAsync(CancellationToken cancellationToken = default) => _connection.ListAsync<Node>("spaces", cancellationToken);

    public IAsyncEnumerable<Node> ChildrenAsync(Guid id, CancellationToken cancellationToken = default) =>
        _connection.ListAsync<Node>($"nodes/{id}/children", cancellationToken);

    /// <summary>All files below a node.</summary>
    public IAsyncEnumerable<ManifestFile> FilesAsync(Guid id, CancellationToken cancellationToken = default) =>
        _connection.ListAsync<ManifestFile>($"nodes/{id}/files", cancellationToken);

    public Task<Node> CreateProjectAsync(string name, string? description = null, CancellationToken cancellationToken = default) =>
        _connection.PostAsync<Node>("projects", new { name, description }, cancellationToken);

    /// <param name="kind">collection or dataset.</param>
    public Task<Node> CreateChildAsync(Guid parent, string kind, string name, CancellationToken cancellationToken = default) =>
        _connection.PostAsync<Node>($"nodes/{parent}/children", new { kind, name }, cancellationToken);
}
