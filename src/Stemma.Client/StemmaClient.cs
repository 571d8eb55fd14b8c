namespace Stemma.Client;

/// <summary>
/// Typed client of a hub's REST API, one part per feature. Every method may throw <see cref="StemmaProblemException"/> (the hub refused)
/// or <see cref="HttpRequestException"/> (it could not be reached). Safe for concurrent use.
/// </summary>
public sealed class StemmaClient : IDisposable
{
    private readonly HubConnection _connection;

    /// <param name="hub">Address of the hub, e.g. <c>http://127.0.0.1:5480</c>.</param>
    /// <param name="token">A token (<c>stm_…</c>); null for a stranger.</param>
    /// <param name="pin">The one certificate that the hub may show; null: any that the system trusts for its name.</param>
    /// <param name="atOnce">Requests on their way at once, others wait for their turn; null: as many as are asked.</param>
    public StemmaClient(Uri hub, string? token = null, CertificatePin? pin = null, int? atOnce = null)
    {
        ArgumentNullException.ThrowIfNull(hub);
        _connection = new HubConnection(hub, token, HubHandler.Create(hub, pin), atOnce);
        Account = new AccountClient(_connection);
        Tokens = new TokensClient(_connection);
        Nodes = new NodesClient(_connection);
        FileSets = new FileSetsClient(_connection);
        Deposits = new DepositsClient(_connection);
        Downloads = new DownloadsClient(_connection);
        Tasks = new TasksClient(_connection);
        Search = new SearchClient(_connection);
    }

    /// <summary>The hub's address, with a trailing slash.</summary>
    public Uri Hub => _connection.Root;

    public AccountClient Account { get; }
    public TokensClient Tokens { get; }
    public NodesClient Nodes { get; }
    public FileSetsClient FileSets { get; }
    public DepositsClient Deposits { get; }
    public DownloadsClient Downloads { get; }
    public TasksClient Tasks { get; }
    public SearchClient Search { get; }

    public void Dispose() => _connection.Dispose();
}
