namespace DropboxOktaProvisioning.Sandbox.Okta;

/// <summary>A search or filter (okta.md §3.10b): <c>attribute operator "value"</c>, <c>pr</c>, <c>and</c>, <c>or</c>, parentheses.</summary>
internal abstract record OktaExpression
{
    /// <summary>Compares an attribute with a value.</summary>
    internal sealed record Comparison(string Attribute, string Operator, string Value) : OktaExpression;

    /// <summary>Both.</summary>
    internal sealed record Both(OktaExpression Left, OktaExpression Right) : OktaExpression;

    /// <summary>Either.</summary>
    internal sealed record Either(OktaExpression Left, OktaExpression Right) : OktaExpression;

    /// <summary>Whether it is true of something whose attributes are given.</summary>
    public bool Matches(Func<string, string?> attribute) => this switch
    {
        Both both => both.Left.Matches(attribute) && both.Right.Matches(attribute),
        Either either => either.Left.Matches(attribute) || either.Right.Matches(attribute),
        Comparison { Operator: "pr" } comparison => attribute(comparison.Attribute) is { Length: > 0 },
        Comparison comparison => attribute(comparison.Attribute) is { } actual && Compare(actual, comparison),
        _ => false,
    };

    /// <summary>Whether it is true of something whose attributes may have several values each.</summary>
    public bool MatchesAny(Func<string, IEnumerable<string>> attribute) => this switch
    {
        Both both => both.Left.MatchesAny(attribute) && both.Right.MatchesAny(attribute),
        Either either => either.Left.MatchesAny(attribute) || either.Right.MatchesAny(attribute),
        Comparison { Operator: "pr" } comparison => attribute(comparison.Attribute).Any(),
        Comparison comparison => attribute(comparison.Attribute).Any(actual => Compare(actual, comparison)),
        _ => false,
    };

    /// <summary>Every attribute that it names.</summary>
    public IEnumerable<Comparison> Comparisons() => this switch
    {
        Both both => both.Left.Comparisons().Concat(both.Right.Comparisons()),
        Either either => either.Left.Comparisons().Concat(either.Right.Comparisons()),
        Comparison comparison => [comparison],
        _ => [],
    };

    /// <summary>Reads an expression.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static OktaExpression Parse(string text)
    {
        var reader = new Reader(text);
        var expression = reader.ReadEither();
        reader.ExpectEnd();
        return expression;
    }

    // Values compare without regard to case (okta.md §3.10b).
    private static bool Compare(string actual, Comparison comparison) => comparison.Operator switch
    {
        "eq" => actual.Equals(comparison.Value, StringComparison.OrdinalIgnoreCase),
        "sw" => actual.StartsWith(comparison.Value, StringComparison.OrdinalIgnoreCase),
        "co" => actual.Contains(comparison.Value, StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    private sealed class Reader(string text)
    {
        private int _at;

        public OktaExpression ReadEither()
        {
            var left = ReadBoth();
            while (TakeWord("or")) left = new Either(left, ReadBoth());
            return left;
        }

        public void ExpectEnd()
        {
            SkipSpace();
            if (_at < text.Length) throw new FormatException($"unexpected text at {_at}");
        }

        private OktaExpression ReadBoth()
        {
            var left = ReadOne();
            while (TakeWord("and")) left = new Both(left, ReadOne());
            return left;
        }

        private OktaExpression ReadOne()
        {
            SkipSpace();
            if (_at < text.Length && text[_at] == '(')
            {
                _at++;
                var inner = ReadEither();
                SkipSpace();
                if (_at >= text.Length || text[_at] != ')') throw new FormatException("a parenthesis is not closed");
                _at++;
                return inner;
            }

            var attribute = ReadWord();
            var @operator = ReadWord().ToLowerInvariant();
            if (@operator == "pr") return new Comparison(attribute, @operator, "");
            if (@operator is not ("eq" or "sw" or "co")) throw new FormatException($"the operator '{@operator}' is not supported");
            return new Comparison(attribute, @operator, ReadValue());
        }

        private string ReadWord()
        {
            SkipSpace();
            var begin = _at;
            while (_at < text.Length && (char.IsLetterOrDigit(text[_at]) || text[_at] is '.' or '_')) _at++;
            return _at > begin ? text[begin.._at] : throw new FormatException($"a word is missing at {_at}");
        }

        private string ReadValue()
        {
            SkipSpace();
            if (_at >= text.Length || text[_at] != '"') throw new FormatException($"a value in quotes is missing at {_at}");
            var value = new System.Text.StringBuilder();
            for (_at++; _at < text.Length && text[_at] != '"'; _at++)
            {
                if (text[_at] == '\\' && _at + 1 < text.Length) _at++;
                value.Append(text[_at]);
            }

            if (_at >= text.Length) throw new FormatException("a value is not closed");
            _at++;
            return value.ToString();
        }

        private bool TakeWord(string word)
        {
            SkipSpace();
            var end = _at + word.Length;
            if (end >= text.Length || !text.AsSpan(_at, word.Length).Equals(word, StringComparison.OrdinalIgnoreCase)) return false;
            if (text[end] is not (' ' or '(')) return false;
            _at = end;
            return true;
        }

        private void SkipSpace()
        {
            while (_at < text.Length && text[_at] == ' ') _at++;
        }
    }
}
