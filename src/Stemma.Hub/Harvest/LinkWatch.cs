using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Stemma.Hub.Database;

namespace Stemma.Hub.Harvest;

/// <summary>
/// Looks whether linked files are still what they were when they were linked: of the same size and time at the same place. What it finds is said at
/// the file (<c>linkState</c>), and unsaid when the file is there again as it was. Renames within a harvest source are followed there.
/// </summary>
internal sealed partial class LinkWatch(NpgsqlDataSource database, HubOptions options, TimeProvider time, ILogger<LinkWatch> logger) : BackgroundService
{
    private const int BatchSize = 1000;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    private sealed class Link
    {
        public Guid FileId { get; init; }
        public string Path { get; init; } = "";
        public long Size { get; init; }
        public DateTime ModifiedAt { get; init; }
    }

    private sealed record Found(Link Link, string State, string? Note);

    /// <summary>Looks at all links beneath a root.</summary>
    /// <param name="folder">Only those in this folder of the root and below; empty: all.</param>
    public async Task CheckAsync(string root, string folder, CancellationToken cancellationToken)
    {
        using var share = Open(root);
        var prefix = folder.Length == 0 ? "" : folder + "/";
        for (var (path, id) = (prefix, Guid.Empty); ;)
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            var links = await connection.RowsAsync<Link>($"""
                select file_id, path, size, modified_at from linked_files
                where root = @root and (path, file_id) > (@path, @id) and starts_with(path, @prefix) order by path, file_id limit {BatchSize}
                """, new { root, path, id, prefix }, cancellationToken);
            if (links.Count == 0)
                return;
            (path, id) = (links[^1].Path, links[^1].FileId);
            var found = links.ConvertAll(link => Look(share, link)).OfType<Found>().ToArray();
            // A link that was renewed while we looked is as it is now. Rows are written when something is new, and now and then to say when we looked.
            await connection.RunAsync("""
                update linked_files l set state = s.state, state_note = s.note, checked_at = now()
                from unnest(@ids::uuid[], @paths::text[], @times::timestamptz[], @states::text[], @notes::text[]) as s(id, path, modified_at, state, note)
                where l.file_id = s.id and l.path = s.path and l.modified_at = s.modified_at
                  and (l.state <> s.state or l.state_note is distinct from s.note or l.checked_at < now() - interval '1 hour')
                """, new
            {
                ids = found.Select(item => item.Link.FileId).ToArray(), paths = found.Select(item => item.Link.Path).ToArray(), times = found.Select(item => item.Link.ModifiedAt).ToArray(),
                states = found.Select(item => item.State).ToArray(), notes = found.Select(item => item.Note).ToArray(),
            }, cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Interval, time, stoppingToken);
                await using var connection = await database.OpenConnectionAsync(stoppingToken);
                foreach (var root in await connection.RowsAsync<string>("select distinct root from linked_files", null, stoppingToken))
                    await CheckAsync(root, "", stoppingToken);
            }
            catch (Exception problem) when (problem is NpgsqlException or ShareException)
            {
                LogProblem(problem);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>Null: the root is not to be had, or no root any more.</summary>
    private ShareFolder? Open(string root)
    {
        if (!options.Roots.Contains(root, StringComparer.Ordinal))
            return null;
        try
        {
            return ShareFolder.Open(new SharePlace(root, ""));
        }
        catch (SourceAwayException)
        {
            return null;
        }
    }

    /// <summary>Null: the share does not say, and what was said last stands.</summary>
    private static Found? Look(ShareFolder? share, Link link)
    {
        if (share is null)
            return new Found(link, "missing", "The folder that it lies in cannot be reached.");
        try
        {
            return share.Probe(link.Path) switch
            {
                null => new Found(link, "missing", "There is nothing under its name."),
                { Kind: not ShareItemKind.File } => new Found(link, "missing", "Something that is no file has its name."),
                { } stamp when stamp.SameAs(link.Size, link.ModifiedAt) => new Found(link, "present", null),
                { } stamp => new Found(link, "changed", stamp.Size == link.Size ? "It was written to, or touched, since it was linked." : $"It has {stamp.Size} bytes, and had {link.Size} when it was linked."),
            };
        }
        catch (ShareException)
        {
            return null;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Linked files could not be looked at; trying again")]
    private partial void LogProblem(Exception problem);
}
