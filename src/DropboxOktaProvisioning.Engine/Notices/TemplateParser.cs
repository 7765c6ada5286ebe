using Fluid;
using Fluid.Ast;
using Parlot.Fluent;

namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>Liquid as Fluid reads it, but nested no deeper than any thread's stack bears: when that overflows, nothing can catch it.</summary>
internal sealed class TemplateParser : FluidParser
{
    /// <summary>How deep blocks, such as an if within a for, may be nested.</summary>
    public const int DeepestBlock = 50;

    /// <summary>How deep brackets may be nested in an expression. Fluid reads what is between them several times, and so what is between theirs.</summary>
    public const int DeepestBracket = 8;

    /// <summary>Makes the parser.</summary>
    public TemplateParser()
    {
        AnyTagsList.Parser = new Nested<IReadOnlyList<Statement>>(AnyTagsList.Parser!, DeepestBlock, $"blocks are nested more than {DeepestBlock} deep");
        Primary.Parser = new Nested<Expression>(Primary.Parser!, DeepestBracket + 1, $"brackets are nested more than {DeepestBracket} deep");
        // It is the one tag that holds others without a block, itself too.
        RegisteredTags.Remove("liquid");
    }

    /// <summary>A part of the grammar that may hold itself, only so deep.</summary>
    private sealed class Nested<T>(Parser<T> parser, int deepest, string problem) : Parser<T>
    {
        // Fluid makes the context of a parse, so the count cannot stand there; a parse stays on its thread.
        [ThreadStatic]
        private static int _depth;

        public override bool Parse(ParseContext context, ref Parlot.ParseResult<T> result)
        {
            if (_depth == deepest) throw new ParseException($"{problem} at {context.Scanner.Cursor.Position}");
            _depth++;
            try
            {
                return parser.Parse(context, ref result);
            }
            finally
            {
                _depth--;
            }
        }
    }
}
