using System.Text;

namespace Stemma.Worker.Unpacking;

/// <summary>
/// Reads names that do not say their encoding: as UTF-8 where they are valid UTF-8, as macOS writes them, and else as code page 437, as the specification has it
/// (APPNOTE appendix D).
/// </summary>
internal sealed class ZipNameEncoding : Encoding
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly Encoding Dos = CodePagesEncodingProvider.Instance.GetEncoding(437)!;

    public static ZipNameEncoding Instance { get; } = new();

    public override int GetCharCount(byte[] bytes, int index, int count) => For(bytes, index, count).GetCharCount(bytes, index, count);

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex) =>
        For(bytes, byteIndex, byteCount).GetChars(bytes, byteIndex, byteCount, chars, charIndex);

    public override int GetMaxCharCount(int byteCount) => Math.Max(Strict.GetMaxCharCount(byteCount), Dos.GetMaxCharCount(byteCount));

    public override int GetByteCount(char[] chars, int index, int count) => Strict.GetByteCount(chars, index, count);

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) => Strict.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    public override int GetMaxByteCount(int charCount) => Strict.GetMaxByteCount(charCount);

    private static Encoding For(byte[] bytes, int index, int count) => System.Text.Unicode.Utf8.IsValid(bytes.AsSpan(index, count)) ? Strict : Dos;
}
