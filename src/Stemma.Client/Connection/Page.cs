using System.Runtime.CompilerServices;

namespace Stemma.Client;

/// <summary>One page of a list; <paramref name="Next"/> is null at the end.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

internal static class Paging
{
    /// <summary>Walks all pages of a list.</summary>
    public static async IAsyncEnumerable<T> ListAsync<T>(this HubConnection connection, string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var separator = path.Contains('?') ? '&' : '?';
        string? cursor = null;
        do
        {
            var address = $"{path}{separator}limit=1000{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}";
            var page = await connection.GetAsync<Page<T>>(address, cancellationToken).ConfigureAwait(false);
            foreach (var item in page.Items)
                yield return item;
            cursor = page.Next;
        }
        while (cursor is not null);
    }
}
