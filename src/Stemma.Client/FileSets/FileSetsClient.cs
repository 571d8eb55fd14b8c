namespace Stemma.Client;

public sealed class FileSetsClient
{
    private readonly HubConnection _connection;

    internal FileSetsClient(HubConnection connection) => _connection = connection;

    public Task<FileSet> GetAsync(Guid id, CancellationToken cancellationToken = default) => _connection.GetAsync<FileSet>($"file-sets/{id}", cancellationToken);

    public Task<StoredFile> GetFileAsync(Guid id, CancellationToken cancellationToken = default) => _connection.GetAsync<StoredFile>($"files/{id}", cancellationToken);

    /// <param name="recursive">Also those of the nodes below.</param>
    public IAsyncEnumerable<FileSet> ListAsync(Guid node, bool recursive = false, CancellationToken cancellationToken = default) =>
        _connection.ListAsync<FileSet>($"nodes/{node}/file-sets{(recursive ? "?recursive=true" : "")}", cancellationToken);
}
