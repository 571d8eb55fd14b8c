using Stemma.Hub.Database;
using Stemma.Hub.Web;

namespace Stemma.Hub.Remarks;

/// <summary>The words of a remark, and how much may be said in one.</summary>
internal static class RemarkWords
{
    /// <summary>As the database writes it, and as events do.</summary>
    public static string Word(this RemarkKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>Most characters of one remark.</summary>
    public static int MaxLength(this RemarkKind kind) => kind == RemarkKind.Note ? 100_000 : 5_000;

    /// <exception cref="Problem">400: nothing is said, or too much.</exception>
    public static string Check(RemarkKind kind, string body)
    {
        if (string.IsNullOrWhiteSpace(body))
            throw Problem.Invalid($"body must say something, but is empty. To remove a {kind.Word()}, DELETE it.");
        return body.Length <= kind.MaxLength()
            ? SqlText.Clean(body)
            : throw Problem.Invalid($"A {kind.Word()} has at most {kind.MaxLength()} characters, but this one has {body.Length}. Put long texts into a file.");
    }
}
