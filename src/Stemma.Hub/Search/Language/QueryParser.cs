using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Stemma.Hub.Search.Language;

/// <summary>
/// Reads the text of the search box. Terms side by side must all hold; <c>OR</c> binds weaker; <c>-</c> or <c>NOT</c> before a term turns it round; parentheses group.
/// A term is a word, a <c>prefix*</c>, a <c>"phrase"</c>, or <c>field:value,value</c>. Knows no fields and no types.
/// </summary>
public sealed class QueryParser
{
    public const int MostCharacters = 2000;
    public const int MostTerms = 64;
    public const int Deepest = 16;
    internal const string OriginalPrefix = "original.";

    private readonly string _text;
    private int _at;
    private int _terms;

    private QueryParser(string text) => _text = text;

    /// <summary>Never throws.</summary>
    /// <param name="error">The first thing that is wrong; null when the query was understood.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out Query? query, [NotNullWhen(false)] out QueryError? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            if (text.Length > MostCharacters)
                throw new Wrong(MostCharacters, text.Length - MostCharacters, $"A query may have {MostCharacters} characters, and this has {text.Length}. Ask for less at once.");
            if (text.IndexOf('\0', StringComparison.Ordinal) is >= 0 and var nul)
                throw new Wrong(nul, 1, "A NUL character stands here, which no text has. Remove it.");
            if (HalfACharacter(text) is { } half)
                throw new Wrong(half, 1, "Half a character stands here (an unpaired surrogate). Remove it.");
            query = new QueryParser(text).All();
            error = null;
            return true;
        }
        catch (Wrong wrong)
        {
            query = null;
            error = wrong.Error;
            return false;
        }
    }

    /// <summary>Where a surrogate stands without its other half.</summary>
    private static int? HalfACharacter(string text)
    {
        for (var at = 0; at < text.Length; at++)
            if (char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]))
                at++;
            else if (char.IsSurrogate(text[at]))
                return at;
        return null;
    }

    private Query All()
    {
        var query = Alternatives(0);
        if (_at < _text.Length)
            throw new Wrong(_at, 1, "This closing parenthesis has no opening one before it. Remove it, or write ( where the group begins.");
        return query;
    }

    private Query Alternatives(int depth)
    {
        var terms = new List<Query>();
        while (true)
        {
            var start = _at;
            var conjunction = Conjunction(depth);
            var isLast = !TakeKeyword("OR");
            if (conjunction is And { Terms.IsEmpty: true } && (terms.Count > 0 || !isLast))
                throw new Wrong(Math.Min(start, Math.Max(0, _text.Length - 1)), Math.Max(0, Math.Min(2, _text.Length - start)), "OR needs something on both sides. To look for the word itself, write \"OR\" in quotes.");
            terms.Add(conjunction);
            if (isLast)
                return Any(terms);
        }
    }

    private Query Conjunction(int depth)
    {
        var terms = new List<Query>();
        while (true)
        {
            SkipSpace();
            if (_at == _text.Length || _text[_at] == ')' || IsKeyword("OR"))
                return AllOf(terms);
            terms.Add(Term(depth));
        }
    }

    private Query Term(int depth)
    {
        var start = _at;
        var isNot = false;
        while (_at < _text.Length && (_text[_at] == '-' || IsKeyword("NOT")))
        {
            _at += _text[_at] == '-' ? 1 : 3;
            isNot = !isNot;
            if (_text[_at - 1] != '-')
                SkipSpace();
        }

        if (_at == _text.Length || _text[_at] == ')' || char.IsWhiteSpace(_text[_at]))
            throw new Wrong(start, Math.Max(1, _at - start), "Nothing stands after this. Write what is not wanted right behind the minus: -draft.");
        var term = _text[_at] == '(' ? Group(depth) : Leaf();
        return isNot ? Negated(term) : term;
    }

    private Query Group(int depth)
    {
        var open = _at;
        if (depth == Deepest)
            throw new Wrong(open, 1, $"Parentheses may be {Deepest} deep.");
        _at++;
        var query = Alternatives(depth + 1);
        if (_at == _text.Length)
            throw new Wrong(open, 1, "This parenthesis is not closed. Write ) where the group ends.");
        _at++;
        return query is And { Terms.IsEmpty: true } ? throw new Wrong(open, _at - open, "There is nothing between these parentheses.") : query;
    }

    private Query Leaf()
    {
        if (++_terms > MostTerms)
            throw new Wrong(_at, 1, $"A query may have {MostTerms} terms.");
        var start = _at;
        if (FieldName() is { } name)
        {
            var where = new Span(start, _at - start);
            _at++;
            var values = ImmutableArray.CreateBuilder<TextForm>();
            do
            {
                if (values.Count > 0)
                {
                    _at++;
                    if (++_terms > MostTerms)
                        throw new Wrong(_at, 0, $"A query may have {MostTerms} terms.");
                }

                values.Add(Value(name));
            }
            while (_at < _text.Length && _text[_at] == ',');
            RequireEnd();
            return new Field(name, values.ToImmutable(), where);
        }

        _at = start;
        var form = _text[_at] == '"' ? Quoted() : Bare();
        RequireEnd();
        return new Text(form);
    }

    /// <summary>The name before a colon, which is not taken; null where there is none.</summary>
    private string? FieldName()
    {
        if (_text[_at] == '"')
        {
            var name = Content();
            return name is not null && _at < _text.Length && _text[_at] == ':' && !string.IsNullOrWhiteSpace(name) ? (IsPlainName(name) ? name.ToLowerInvariant() : name) : null;
        }

        var start = _at;
        if (StartsWith(OriginalPrefix))
        {
            var path = new StringBuilder(OriginalPrefix);
            var isQuoted = false;
            _at += OriginalPrefix.Length;
            while (_at < _text.Length && !(char.IsWhiteSpace(_text[_at]) || _text[_at] is ':' or '(' or ')' or ','))
                if (_text[_at] == '"')
                {
                    isQuoted = true;
                    path.Append(Content() ?? throw Unclosed(start));
                }
                else
                    path.Append(_text[_at++]);
            // A file may be called original.tif.
            if (!isQuoted && path.Length > OriginalPrefix.Length && IsEnd(_at))
                return null;
            if (_at == _text.Length || _text[_at] != ':')
                throw new Wrong(start, _at - start, "A key of the original metadata needs a colon and a value: original.ImageTags.Tecnai.User:JLAU. Where the key has spaces, quote it: original.\"Microscope Info.Voltage\":200.");
            return path.Length > OriginalPrefix.Length ? path.ToString() : throw new Wrong(start, _at - start, "The key is missing after \"original.\".");
        }

        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] is '_' or '-'))
            _at++;
        return _at > start && _at < _text.Length && _text[_at] == ':' && IsPlainName(_text[start.._at]) ? _text[start.._at].ToLowerInvariant() : null;
    }

    internal static bool IsPlainName(string name) =>
        name.Length > 0 && (char.IsAsciiLetter(name[0]) || name[0] == '_') && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-');

    private TextForm Value(string field)
    {
        var start = _at;
        if (IsEnd(_at) || _text[_at] == ',')
            throw new Wrong(start, 0, $"A value is missing after \"{field}:\". Write it right behind, without a space; {field}:* finds whatever has one.");
        if (_text[_at] is '<' or '>' or '=')
        {
            _at += _at + 1 < _text.Length && _text[_at] != '=' && _text[_at + 1] == '=' ? 2 : 1;
            var comparison = _text[start.._at];
            return End() is { } bound ? IsAtDots() ? throw new Wrong(start, _at + 2 - start, $"This is a bound and a range at once. Write {field}:{comparison}{bound}, or a range: {field}:1..5.") : new Comparison(comparison, bound, From(start)) : throw new Wrong(start, _at - start, $"A value is missing after {comparison}: {field}:{comparison}200kV, for example.");
        }

        if (_text[_at] == '*' && (IsEnd(_at + 1) || _text[_at + 1] == ','))
        {
            _at++;
            return new AnyValue(From(start));
        }

        var isQuoted = _text[_at] == '"';
        if (_text[_at] == '(')
            throw new Wrong(start, 1, $"A value cannot begin with a parenthesis. Put it in quotes, or list values with commas: {field}:one,two.");
        var from = End();
        if (IsAtDots())
        {
            _at += 2;
            var to = End();
            if (IsAtDots())
                throw new Wrong(_at, 2, "A range has two ends, and a third begins here.");
            return from is null && to is null ? throw new Wrong(start, _at - start, "A range needs a beginning or an end: 2017..2018, 10ms.., ..1s.") : new Range(from, to, From(start));
        }

        if (from is null)
            throw new Wrong(start, 1, $"A value is missing after \"{field}:\". Put signs such as this one in quotes.");
        if (isQuoted)
            return new Phrase(from, From(start));
        return WordOrPrefix(from, start);
    }

    /// <summary>One end of a range, quoted or not; null where nothing stands.</summary>
    private string? End()
    {
        if (_at < _text.Length && _text[_at] == '"')
        {
            var open = _at;
            return Content() is { } content ? content.Length > 0 ? content : throw new Wrong(open, 2, "There is nothing between these quotes.") : throw Unclosed(open);
        }

        var start = _at;
        while (!IsEnd(_at) && _text[_at] is not (',' or '"' or '(') && !(_text[_at] == '.' && _at + 1 < _text.Length && _text[_at + 1] == '.'))
            _at++;
        return _at > start ? _text[start.._at] : null;
    }

    private bool IsAtDots() => _at + 1 < _text.Length && _text[_at] == '.' && _text[_at + 1] == '.';

    private Phrase Quoted()
    {
        var start = _at;
        var content = Content() ?? throw Unclosed(start);
        if (string.IsNullOrWhiteSpace(content))
            throw new Wrong(start, _at - start, "There is nothing between these quotes.");
        return new Phrase(content, From(start));
    }

    private TextForm Bare()
    {
        var start = _at;
        while (!IsEnd(_at) && _text[_at] is not ('"' or '(' or ':'))
            _at++;
        if (_at < _text.Length && _text[_at] == ':')
        {
            while (!IsEnd(_at))
                _at++;
            throw new Wrong(start, _at - start, $"\"{Short(_text[start.._at])}\" has a colon, but what stands before it is no field's name. Put it in quotes to look for it as it is.");
        }

        var content = _text[start.._at];
        if (content is "OR" or "NOT")
            throw new Wrong(start, content.Length, $"{content} stands between and before terms. To look for the word itself, write \"{content}\" in quotes.");
        return WordOrPrefix(content, start);
    }

    private TextForm WordOrPrefix(string content, int start)
    {
        var stem = content.TrimEnd('*');
        if (stem.Length == 0)
            throw new Wrong(start, content.Length, "Letters are missing before *: precip* finds what begins so.");
        if (stem.IndexOf('*', StringComparison.Ordinal) is >= 0 and var star)
            throw new Wrong(start + star, 1, "* stands at the end of a word only: precip* finds what begins so. Put it in quotes to look for it as it is.");
        return stem.Length < content.Length ? new Prefix(stem, From(start)) : new Word(content, From(start));
    }

    /// <summary>What stands between quotes; \" and \\ are a quote and a backslash. Null where they are not closed.</summary>
    private string? Content()
    {
        var content = new StringBuilder();
        for (_at++; _at < _text.Length; _at++)
            if (_text[_at] == '"')
            {
                _at++;
                return content.ToString();
            }
            else
            {
                if (_text[_at] == '\\' && _at + 1 < _text.Length && _text[_at + 1] is '"' or '\\' && _at + 1 < _text.Length)
                    _at++;
                content.Append(_text[_at]);
            }

        return null;
    }

    private void RequireEnd()
    {
        if (_at < _text.Length && _text[_at] is '"' or '(' && !IsEnd(_at))
            throw new Wrong(_at, 1, "A space is missing before this.");
        if (_at < _text.Length && _text[_at] == ':')
            throw new Wrong(_at, 1, "What stands before this colon is no field's name. Put the whole in quotes to look for it as it is.");
        if (!IsEnd(_at))
            throw new Wrong(_at, 1, "A space is missing before this.");
    }

    private Span From(int start) => new(start, _at - start);

    private bool IsEnd(int at) => at >= _text.Length || char.IsWhiteSpace(_text[at]) || _text[at] == ')';

    private void SkipSpace()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
            _at++;
    }

    private bool StartsWith(string word) => string.Compare(_text, _at, word, 0, word.Length, StringComparison.OrdinalIgnoreCase) == 0;

    private bool IsKeyword(string word) =>
        string.CompareOrdinal(_text, _at, word, 0, word.Length) == 0 && (_at + word.Length == _text.Length || char.IsWhiteSpace(_text[_at + word.Length]) || _text[_at + word.Length] is '(' or ')');

    private bool TakeKeyword(string word)
    {
        SkipSpace();
        if (_at == _text.Length || !IsKeyword(word))
            return false;
        _at += word.Length;
        return true;
    }

    private static Wrong Unclosed(int open) => new(open, 1, "This quote is not closed: all that follows was taken as one phrase. Write \" at its end.");

    private static string Short(string text) => text.Length <= 40 ? text : text[..40] + "…";

    internal static Query AllOf(IEnumerable<Query> terms) =>
        terms.SelectMany(term => term is And all ? all.Terms : [term]).ToImmutableArray() is var flat && flat.Length == 1 ? flat[0] : new And(flat);

    private static Query Any(IEnumerable<Query> terms) =>
        terms.SelectMany(term => term is Or any ? any.Terms : [term]).ToImmutableArray() is var flat && flat.Length == 1 ? flat[0] : new Or(flat);

    private static Query Negated(Query term) => term is Not not ? not.Term : new Not(term);

    private sealed class Wrong(int position, int length, string message) : Exception(message)
    {
        public QueryError Error { get; } = new(position, length, message);
    }
}
