using System.Globalization;
using System.Management.Automation;
using System.Security;
using DropboxOktaProvisioning.Engine;
using DropboxOktaProvisioning.Engine.Notices;

namespace DropboxOktaProvisioning.Bridge;

/// <content>What a channel is told of a run, in figures.</content>
public abstract partial class NoticeCommand
{
    // For a run that broke: its own token is cancelled by then, and nobody waits long.
    private static readonly TimeSpan LastWord = TimeSpan.FromSeconds(5);

    /// <summary>The address of a Teams or Slack channel's webhook, which gets the figures of the run; a secret, so a SecureString or a script block.</summary>
    [Parameter]
    [Secret]
    public SecureString? WebhookUrl { get; set; }

    /// <summary>Whose webhook it is, where its host does not tell.</summary>
    [Parameter]
    public WebhookKind? WebhookKind { get; set; }

    private ChannelWebhook? Webhook()
    {
        if (WebhookUrl is not null) return new ChannelWebhook(WebhookUrl, WebhookKind, TimeProvider.System);
        if (WebhookKind is not null) throw Conflict("-WebhookKind was given, and no webhook.", "Give -WebhookUrl too.");
        return null;
    }

    /// <summary>Tells the channel how the run ended. A run that told nobody and failed nobody is not worth a word, whatever the helpdesk got, and a rehearsal is nobody's business.</summary>
    /// <param name="run">The run.</param>
    /// <param name="states">What came of the notices.</param>
    /// <param name="stages">How many people are in which stage, in words, if they were looked at.</param>
    private protected void Announce(NoticeRun run, NoticeTally states, string? stages = null)
    {
        if (run.Webhook is not { } hook || IsWhatIf || IsRehearsal || (Held == 0 && !states.HasNews)) return;
        Post(hook, Summary(run, states, stages, null), StopToken);
    }

    /// <summary>Tells the channel that the run broke.</summary>
    private protected void Announce(NoticeRun run, NoticeTally states, ProvisioningException problem)
    {
        if (run.Webhook is not { } hook || IsWhatIf || IsRehearsal) return;
        using var limit = new CancellationTokenSource(LastWord);
        Post(hook, Summary(run, states, null, problem), limit.Token);
    }

    private ChannelSummary Summary(NoticeRun run, NoticeTally states, string? stages, ProvisioningException? problem)
    {
        var facts = new List<KeyValuePair<string, string>>();
        if (stages is not null) facts.Add(new("People", stages));
        foreach (var (name, state) in new[]
        {
            ("Told", NoticeState.Sent), ("Taken on, delivery not known", NoticeState.Accepted), ("Failed, the next run tries again", NoticeState.Failed),
            ("May or may not have left", NoticeState.Unknown), ("Waiting for their hour", NoticeState.Waiting),
        })
        {
            Add(name, states[state]);
        }

        Add("People whose manager was told", states.Escalated);
        Add("Held back, too many at once", Held);
        Add("Not due, or left to a later run", states[NoticeState.Skipped] - Held);
        if (problem is not null) facts.Add(new("Stopped by", problem.ErrorId));
        var open = states[NoticeState.Failed] + states[NoticeState.Unknown] > 0;
        return new ChannelSummary(
            $"Dropbox activation{(run.Team is null ? "" : $": {run.Team.Name}")}", facts,
            problem is not null ? $"Get-Help about_DropboxOktaProvisioning_Errors tells what to do about {problem.ErrorId}."
            : Held > 0 ? "Nobody was told. Look with -WhatIf; then begin with -FirstWave, or raise the limits."
            : open ? "Get-ActivationNotice -State Failed, Unknown shows who." : null);

        void Add(string name, int count)
        {
            if (count > 0) facts.Add(new(name, count.ToString(CultureInfo.InvariantCulture)));
        }
    }

    private void Post(ChannelWebhook hook, ChannelSummary summary, CancellationToken cancel)
    {
        try
        {
            if (Await(_ => hook.PostAsync(summary, cancel)) is { } trouble) WriteWarning(trouble);
        }
        catch (OperationCanceledException) when (!StopToken.IsCancellationRequested || cancel != StopToken)
        {
            WriteWarning("The channel was not told: its webhook gave no answer in time. No mail hangs on it.");
        }
    }
}
