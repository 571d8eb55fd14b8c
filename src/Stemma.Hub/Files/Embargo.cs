using Stemma.Hub.Projects;
using Stemma.Hub.Sharing;
using Stemma.Hub.Web;

namespace Stemma.Hub.Files;

/// <summary>Until an embargo ends, only those who work on the data may take them away.</summary>
internal static class Embargo
{
    /// <param name="inherited">Terms of the set's dataset.</param>
    /// <exception cref="Problem">403: embargoed.</exception>
    public static void RequireNone(FileSetRow set, EffectiveTerms inherited, DateTimeOffset now)
    {
        if (set.Capabilities.HasFlag(Capabilities.Edit))
            return;
        var terms = inherited.Over(set.Licence, set.RightsHolder, set.EmbargoUntil, set.RetainUntil, set.LegalHold);
        if (terms.EmbargoUntil is { } embargo && embargo.Value > now.UtcDateTime)
            throw new Problem(403, "embargoed", "Not allowed yet", $"\"{set.Name}\" is under embargo until {embargo.Value:yyyy-MM-dd}. Until then only those who may edit it can download it.");
    }
}
