using System.Management.Automation;

namespace DropboxOktaProvisioning.Tests;

/// <summary>Mails to managers and the guards against telling too many, on a day on which everybody has had the last reminder.</summary>
public sealed class EscalationTests : IDisposable
{
    private const string Send = "$people | Send-ActivationNotice -ReminderAfter 3 -EscalateToManager -SenderTimeZone UTC -WarningAction SilentlyContinue";

    private readonly ModuleSession _session = new();

    public EscalationTests() => _session.Run("""
        $sandbox = Start-ProvisioningSandbox -UserCount 120 -PassThru
        $people = @(Test-DropboxUserStatus | Where-Object Stage -eq AwaitingActivation)
        $null = $people | Send-ActivationNotice -SenderTimeZone UTC
        $sandbox.Advance([timespan]::FromDays(3))
        $null = $people | Send-ActivationNotice -ReminderAfter 3 -SenderTimeZone UTC
        $sandbox.Advance([timespan]::FromDays(1))
        $before = $sandbox.Outbox.Count
        """).Clean();

    public void Dispose() => _session.Dispose();

    [Fact]
    public void A_manager_counts_once_against_the_limit_whoever_the_mail_is_about()
    {
        var planned = Escalations(Send + " -WhatIf", "Planned");
        var managers = planned.Select(row => row.Email).Distinct().Count();
        Assert.InRange(managers, 3, planned.Count - 1);

        var result = _session.Run($"{Send} -MaximumCount {managers - 1}");
        Assert.Equal("TooManyNotices", result.ErrorId);
        Assert.Equal(planned.Count, result.Output.Count(row => $"{row.Properties["Reason"].Value}".StartsWith("Held back: ", StringComparison.Ordinal)));
        Assert.Equal(0, Mails);

        Assert.Equal(planned.Order(), Escalations($"{Send} -MaximumCount {managers}", "Sent").Order());
        Assert.Equal(managers, Mails);
    }

    [Fact]
    public void A_manager_counts_once_against_the_percentage()
    {
        var managers = Escalations(Send + " -WhatIf", "Planned").Select(row => row.Email).Distinct().Count();
        var percent = managers * 100 / (int)_session.Run("$people.Count").Clean().Output.Single().BaseObject;
        Assert.Equal("TooManyNotices", _session.Run($"{Send} -MaximumPercent {percent}").ErrorId);
        Assert.Equal(0, Mails);
        Assert.NotEmpty(Escalations($"{Send} -MaximumPercent {percent + 1}", "Sent"));
    }

    [Fact]
    public void Waves_tell_managers_of_everybody_once_each_a_part()
    {
        var planned = Escalations(Send + " -WhatIf", "Planned");
        List<(string About, string Email)> told = [.. Escalations(Send + " -FirstWave 3", "Sent")];
        Assert.Equal(planned.Take(3), told);
        told.AddRange(Escalations(Send + " -FirstWave 3", "Sent"));
        Assert.Equal(6, told.Count);
        told.AddRange(Escalations(Send, "Sent"));
        Assert.Equal(planned.Order(), told.Order());
        Assert.Empty(Escalations(Send, "Sent"));
    }

    [Fact]
    public void A_later_wave_takes_no_senders_turn_from_the_digest()
    {
        const string send = "$people | Send-ActivationNotice -ReminderAfter 3, 4 -DigestTo help@contoso.example -SenderTimeZone UTC -WarningAction SilentlyContinue";
        var room = (int)_session.Run("$people.Count").Clean().Output.Single().BaseObject - 1;
        // The people of earlier days do not count any more, and there is one turn fewer than people.
        _session.Run("$sandbox.Advance([timespan]::FromDays(2))").Clean();
        var states = _session.Run($"({send} -FirstWave 2 -SenderLimit {room}/day | Where-Object Kind -eq HelpdeskDigest).State").Clean().Output;
        Assert.Equal("Sent", $"{Assert.Single(states)}");
        Assert.Equal(3, Mails);
    }

    [Fact]
    public void Whose_reminder_waits_for_a_later_wave_is_no_matter_for_the_manager_yet()
    {
        const string send = "$people | Send-ActivationNotice -ReminderAfter 3, 4 -EscalateToManager -SenderTimeZone UTC -WarningAction SilentlyContinue -FirstWave 5";
        var reminded = _session.Run($"({send} -WhatIf | Where-Object {{ $_.Kind -eq 'Reminder' -and $_.State -eq 'Planned' }}).Email").Clean().Output.Select(email => $"{email}").ToList();
        Assert.Equal(5, reminded.Count);

        var planned = Escalations(send + " -WhatIf", "Planned");
        Assert.NotEmpty(planned);
        // One of those who are reminded has no manager.
        Assert.Subset(reminded.ToHashSet(), planned.Concat(Escalations(send + " -WhatIf", "Skipped")).Select(row => row.About).ToHashSet());
        // Managers of people who are reminded in the same run do not count against the limit.
        Assert.Equal(planned.Order(), Escalations(send + " -MaximumCount 5", "Sent").Order());
    }

    [Fact]
    public void A_manager_on_the_opt_out_list_is_told_of_nobody()
    {
        var planned = Escalations(Send + " -WhatIf", "Planned");
        var one = planned.GroupBy(row => row.Email).MaxBy(group => group.Count())!;
        var list = Path.Combine(_session.Folder, "out.csv");
        var id = _session.Run($"(Test-DropboxUserStatus {one.Key}).OktaUserId").Clean().Output.Single().ToString();

        foreach (var entry in new[] { one.Key.ToUpperInvariant(), id })
        {
            File.WriteAllText(list, entry + "\n");
            Assert.Equal(one.Order(), Escalations($"{Send} -OptOutPath {list} -WhatIf", "Skipped", "The manager stands on the opt-out list.").Select(row => (row.About, one.Key)).Order());
        }

        Assert.Equal(planned.Except(one).Order(), Escalations($"{Send} -OptOutPath {list}", "Sent").Order());
    }

    private int Mails => (int)_session.Run("$sandbox.Outbox.Count - $before").Clean().Output.Single().BaseObject;

    private List<(string About, string Email)> Escalations(string script, string state, string? reason = null) =>
    [
        .. _session.Run(script).Clean().Output
            .Where(row => $"{row.Properties["Kind"].Value}" == "ManagerEscalation" && $"{row.Properties["State"].Value}" == state && (reason is null || $"{row.Properties["Reason"].Value}" == reason))
            .Select(row => ($"{row.Properties["About"].Value}", $"{row.Properties["Email"].Value}")),
    ];
}
