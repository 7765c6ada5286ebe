using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Security;
using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Notices;

namespace DropboxOktaProvisioning.Input;

/// <summary>An access token, or a script block that fetches one whenever a new one is needed. It shows neither.</summary>
public sealed class TokenCallback
{
    private static readonly string[] Tokens = ["Token", "AccessToken", "access_token"];

    private readonly ScriptBlock? _script;
    private readonly SecureString? _token;

    internal TokenCallback(ScriptBlock script) => _script = script;

    internal TokenCallback(SecureString token) => _token = token;

    /// <summary>Fetches a token; only ever on the pipeline's thread, where alone a script block runs.</summary>
    /// <remarks>
    /// A script block may return a SecureString, a text, or what sign-in commands return: an object with Token or AccessToken and ExpiresOn
    /// (Get-AzAccessToken, Get-MsalToken), or the token endpoint's own answer with access_token and expires_in.
    /// </remarks>
    /// <exception cref="ProvisioningException">The script block failed, or returned no token (InvalidToken).</exception>
    internal GraphToken Fetch(TimeProvider time)
    {
        var result = _token ?? Run(_script!);
        if (Secret(result) is { } bare) return new GraphToken(bare, null);
        return Tokens.Select(name => Secret(Member(result, name))).FirstOrDefault(secret => secret is not null) is { } token
            ? new GraphToken(token, Expires(result, time.GetUtcNow()))
            : throw NoToken("returned no token");
    }

    private static object? Run(ScriptBlock script)
    {
        try
        {
            return script.InvokeReturnAsIs();
        }
        catch (RuntimeException error) when (error is not PipelineStoppedException)
        {
            // Its words may hold what it signed in with.
            throw NoToken("failed");
        }
    }

    private static SecureString? Secret(object? value) => Unwrap(value) switch
    {
        SecureString secret => secret,
        string { Length: > 0 } text => Connections.Secret.Of(text),
        _ => null,
    };

    private static DateTimeOffset? Expires(object? result, DateTimeOffset now)
    {
        switch (Unwrap(Member(result, "ExpiresOn")))
        {
            case DateTimeOffset moment:
                return moment;
            case DateTime { Kind: DateTimeKind.Utc or DateTimeKind.Local } moment:
                return moment;
            case DateTime moment:
                return new DateTimeOffset(moment, TimeSpan.Zero);
        }

        return int.TryParse(Unwrap(Member(result, "expires_in"))?.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? now.AddSeconds(seconds) : null;
    }

    private static object? Member(object? item, string name) => Unwrap(item) switch
    {
        null => null,
        IDictionary dictionary => dictionary.Contains(name) ? dictionary[name] : null,
        _ => PSObject.AsPSObject(item).Properties[name]?.Value,
    };

    private static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    private static ProvisioningException NoToken(string what) => new(
        ErrorIds.InvalidToken, ProblemCategory.InvalidArgument, $"The script block for the access token {what}.", null,
        "Run it by itself. It must return one token: a SecureString, a text, or an object such as Get-AzAccessToken returns.");
}

/// <summary>Takes a SecureString or a script block, and refuses everything else without showing it.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TokenCallbackAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData) => (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
    {
        null => null,
        TokenCallback given => given,
        SecureString token => new TokenCallback(token),
        ScriptBlock script => new TokenCallback(script),
        // Left to the conversion, the value would stand in the error.
        _ => throw new ArgumentTransformationMetadataException("Give a SecureString (Read-Host -AsSecureString), or a script block that returns an access token."),
    };
}
