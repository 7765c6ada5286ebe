using System.Globalization;
using System.Text.Encodings.Web;
using Fluid.Ast;
using Fluid.Values;

namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>Looks through a parsed template for what no notice needs and what would hurt.</summary>
internal sealed class TemplateGuard : AstVisitor
{
    /// <summary>How deep an expression may be, so that no stack overflows that it is worked out on; each "and" and each filter goes one deeper.</summary>
    public const int DeepestExpression = 100;

    private static readonly string[] PersonNames = ["name", "email"], Lists = ["people", "told", "escalated", "waiting", "failed", "stuck"];

    private static readonly string[] LineNames = ["who", "email", "kind", "step", "stage", "reason", "told_on", "until"];

    private readonly HashSet<string> _lines = new(StringComparer.Ordinal);

    private int _depth;

    /// <summary>What is wrong; null if nothing was found.</summary>
    public string? Problem { get; private set; }

    /// <inheritdoc/>
    public override Expression Visit(Expression expression)
    {
        if (_depth == DeepestExpression)
        {
            Problem ??= FormattableString.Invariant($"has an expression with more than {DeepestExpression} conditions or filters in a row");
            return expression;
        }

        _depth++;
        var visited = base.Visit(expression);
        _depth--;
        return visited;
    }

    /// <inheritdoc/>
    protected override Expression VisitRangeExpression(RangeExpression rangeExpression)
    {
        // A range is laid out in memory before the first step is counted.
        Problem ??= "uses a range of numbers such as (1..9), which templates cannot have";
        return base.VisitRangeExpression(rangeExpression);
    }

    /// <inheritdoc/>
    protected override Statement VisitForStatement(ForStatement forStatement)
    {
        if (forStatement.Source is MemberExpression { Segments: [IdentifierSegment { Identifier: var list }] } && Lists.Contains(list)) _lines.Add(forStatement.Identifier);
        return base.VisitForStatement(forStatement);
    }

    /// <inheritdoc/>
    protected override Expression VisitMemberExpression(MemberExpression memberExpression)
    {
        if (memberExpression.Segments is [IdentifierSegment { Identifier: var owner }, IdentifierSegment { Identifier: var name }, ..])
        {
            if (owner == "person") Require(owner, name, "a person", PersonNames);
            else if (_lines.Contains(owner)) Require(owner, name, "a line of such a list", LineNames);
        }

        // The visitor leaves out what stands between brackets.
        foreach (var indexer in memberExpression.Segments.OfType<IndexerSegment>()) Visit(indexer.Expression);
        return memberExpression;
    }

    private void Require(string owner, string name, string what, string[] names)
    {
        if (!names.Contains(name, StringComparer.OrdinalIgnoreCase)) Problem ??= $"asks for {owner}.{name}; {what} has: {string.Join(", ", names.Select(one => $"{owner}.{one}"))}";
    }
}

/// <summary>A value that is known and not there: false in a condition, nothing in a text. (Fluid takes nil for a misspelt name.)</summary>
internal sealed class AbsentValue : FluidValue
{
    /// <summary>The one such value.</summary>
    public static AbsentValue Instance { get; } = new();

    /// <inheritdoc/>
    public override FluidValues Type => FluidValues.String;

    /// <inheritdoc/>
    public override bool Equals(FluidValue other) => other.ToStringValue().Length == 0;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is FluidValue other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => 0;

    /// <inheritdoc/>
    public override bool ToBooleanValue() => false;

    /// <inheritdoc/>
    public override decimal ToNumberValue() => 0;

    /// <inheritdoc/>
    public override string ToStringValue() => "";

    /// <inheritdoc/>
    public override object ToObjectValue() => "";

    /// <inheritdoc/>
    public override ValueTask WriteToAsync(TextWriter writer, TextEncoder encoder, CultureInfo cultureInfo) => ValueTask.CompletedTask;
}
