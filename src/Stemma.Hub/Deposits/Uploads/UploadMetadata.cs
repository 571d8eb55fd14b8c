using System.Globalization;
using System.Text;
using Stemma.Hub.Storage;
using Stemma.Hub.Web;

namespace Stemma.Hub.Deposits.Uploads;

/// <summary>The header <c>Upload-Metadata</c> of tus: pairs of a key and a base64 value, separated by commas.</summary>
internal sealed record UploadMetadata(Destination Destination, DepositFacts Facts, Digest? Sha256)
{
    /// <exception cref="Problem">400, naming the key that is missing or cannot be read.</exception>
    public static UploadMetadata Parse(string header)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var pair in header.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var space = pair.IndexOf(' ', StringComparison.Ordinal);
            values[space < 0 ? pair : pair[..space]] = space < 0 ? "" : Decode(pair[..space], pair[(space + 1)..]);
        }

        if (!Guid.TryParse(values.GetValueOrDefault("node"), out var node))
            throw Missing("node", "the id of the project, collection or dataset");
        if (values.GetValueOrDefault("path") is not { } path)
            throw Missing("path", "the file's path below the node");
        var levels = values.TryGetValue("levels", out var number) ? ParseLevels(number) : Destination.DefaultLevels;
        var destination = new Destination(node, RelativePath.Parse(path), levels, values.GetValueOrDefault("dataset", Destination.DefaultDataset));
        var modified = values.TryGetValue("modified", out var time)
            ? DepositEndpoints.ParseTime(time) ?? throw Problem.Invalid($"modified in Upload-Metadata must be a time as in 2026-03-14T15:09:26Z, but is \"{time}\".")
            : (DateTimeOffset?)null;
        Digest? sha256 = null;
        if (values.TryGetValue("sha256", out var hex))
            sha256 = Digest.TryParse(hex, out var digest) ? digest : throw Problem.Invalid("sha256 in Upload-Metadata must be 64 hexadecimal digits.");
        return new UploadMetadata(destination, new DepositFacts(DepositedVia.Upload, modified, values.GetValueOrDefault("unpack") is "" or "true"), sha256);
    }

    private static int ParseLevels(string text) => int.TryParse(text, CultureInfo.InvariantCulture, out var levels) ? levels
        : throw Problem.Invalid($"levels in Upload-Metadata must be a number, but is \"{text}\".");

    private static string Decode(string key, string base64)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Convert.FromBase64String(base64));
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            throw Problem.Invalid($"{key} in Upload-Metadata must be base64 of UTF-8 text.");
        }
    }

    private static Problem Missing(string key, string meaning) =>
        Problem.Invalid($"Upload-Metadata needs {key}: {meaning}, in base64. For example: node MDE5…,path YS90Mi50aWY=");
}
