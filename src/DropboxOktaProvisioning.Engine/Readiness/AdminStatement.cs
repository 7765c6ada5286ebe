namespace DropboxOktaProvisioning.Engine.Readiness;

/// <summary>What an admin said about a team that no API tells.</summary>
/// <param name="Topic">One of <see cref="Topics"/>.</param>
/// <param name="Value">What was said, such as <c>required</c> or a domain.</param>
/// <param name="By">Who said it.</param>
/// <param name="On">When, UTC.</param>
public sealed record AdminStatement(string Topic, string Value, string By, DateTimeOffset On)
{
    /// <summary>Those that still stand: what came before a withdrawal does not.</summary>
    /// <param name="newestFirst">Statements, newest first.</param>
    public static IReadOnlyList<AdminStatement> Standing(IEnumerable<AdminStatement> newestFirst) => [.. newestFirst.TakeWhile(one => one.Topic != Topics.Withdrawn)];

    /// <summary>What statements are about.</summary>
    public static class Topics
    {
        /// <summary>The team's SSO policy; the value is <c>required</c>.</summary>
        public const string Sso = "sso";

        /// <summary>A domain that is verified; the value is the domain.</summary>
        public const string Domain = "domain";

        /// <summary>All that was stated before is taken back; the value says nothing.</summary>
        public const string Withdrawn = "withdrawn";

        /// <summary>The account capture policy, as the log spells it.</summary>
        public const string Capture = "capture";
    }
}
