using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Stemma.Hub.Web;

namespace Stemma.Hub.Accounts;

/// <summary>Passwords: hashed as ASP.NET Core Identity does (PBKDF2, HMAC-SHA512, 100,000 rounds).</summary>
internal static class Passwords
{
    public const int MinLength = 10;
    public const int MaxLength = 1000;

    private static readonly PasswordHasher<Actor> Hasher = new();

    /// <summary>What unknown logins are verified against, so that they take as long as known ones.</summary>
    private static readonly Lazy<string> Nobodys = new(() => Hash(Secrets.New().Text));

    public static string Hash(string password) => Hasher.HashPassword(null!, password);

    /// <param name="hash">Null: there is no such account; takes as long, and fails.</param>
    public static bool Verify(string? hash, string password) =>
        Hasher.VerifyHashedPassword(null!, hash ?? Nobodys.Value, password) != PasswordVerificationResult.Failed && hash is not null;

    /// <exception cref="Problem">400: too short or too long.</exception>
    public static string Check(string password) => password.Length is >= MinLength and <= MaxLength
        ? password
        : throw new Problem(400, "weak-password", "This cannot be a password", $"A password has {MinLength} to {MaxLength} characters, but this one has {password.Length}.");

    /// <summary>Five pronounceable groups, 63 bits: to be read from a screen and typed.</summary>
    public static string NewReadable()
    {
        const string consonants = "bdfghjklmnprstvz";
        const string vowels = "aeiou";
        return string.Join('-', Enumerable.Range(0, 5).Select(_ => string.Concat(Enumerable.Range(0, 2).Select(_ =>
            $"{consonants[RandomNumberGenerator.GetInt32(consonants.Length)]}{vowels[RandomNumberGenerator.GetInt32(vowels.Length)]}"))));
    }
}
