using System.Management.Automation;

namespace DropboxOktaProvisioning.Tests;

/// <summary>Reminders, hours, languages, managers, the helpdesk and samples, through the commands and the sandbox.</summary>
public sealed class MannersTests : IDisposable
{
    private readonly ModuleSession _session = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("manners-").FullName;

    public MannersTests() => _session.Run("$sandbox = Start-ProvisioningSandbox -UserCount 120 -PassThru").Clean();

    public void Dispose()
    {
        _session.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("Invoke-SilentProvisioning")]
    [InlineData("$null = Test-DropboxUserStatus | Send-ActivationNotice")]
    public void A_roll_out_reminds_those_who_wait_and_tells_managers_and_the_helpdesk(string command)
    {
        var counts = Values<int>($$"""
            foreach ($day in 0, 3, 7, 8) {
                {{command}} -ReminderAfter 3, 7 -EscalateToManager -DigestTo help@contoso.example -SenderTimeZone UTC -MaximumCount 5000 -WarningAction SilentlyContinue | Out-Null
                $sandbox.Outbox.Count
                $sandbox.SignOn(@(Test-DropboxUserStatus | Where-Object Stage -eq AwaitingActivation)[0].Email)
                $sandbox.Advance([timespan]::FromDays(@{ 0 = 3; 3 = 4; 7 = 1; 8 = 1 }[$day]))
            }
            @($sandbox.Outbox | Where-Object { $_.To -eq 'help@contoso.example' }).Count
            @(Get-ActivationNotice | Where-Object { $_.Kind -eq 'Reminder' -and $_.Step -eq 2 }).Count
            @(Get-ActivationNotice | Where-Object { $_.Kind -eq 'ManagerEscalation' }).Count
            ([System.Collections.Generic.HashSet[string]]@(Get-ActivationNotice | Where-Object { $_.Kind -eq 'ManagerEscalation' } | ForEach-Object { "$($_.About) $($_.Step)" })).Count
            """);

        var (helped, last, escalated, people) = (counts[4], counts[5], counts[6], counts[7]);
        Assert.Equal(4, helped);
        Assert.True(counts[1] > counts[0] && counts[2] > counts[1]);
        Assert.InRange(last, 10, 60);
        Assert.InRange(escalated, 5, last);
        Assert.Equal(escalated, people);
        // Nothing but the mail to the helpdesk leaves on a day on which nothing is due.
        Assert.InRange(counts[3] - counts[2], 1, 3);
    }

    [Fact]
    public void People_are_written_to_in_their_own_language()
    {
        var subjects = Values<string>("""
            $rows = @(Test-DropboxUserStatus | Where-Object Stage -eq AwaitingActivation)
            $rows | Send-ActivationNotice | Out-Null
            foreach ($mail in $sandbox.Outbox) { "$(@($rows | Where-Object Email -eq $mail.To)[0].Language) $($mail.Subject)" }
            """);

        Assert.Contains(subjects, one => one.StartsWith("de", StringComparison.Ordinal));
        Assert.All(subjects, one => Assert.Contains(one[..2] switch { "de" => "Ihr", "fr" => "Votre", "es" => "Su cuenta", "ja" => "アカウント", _ => "Your" }, one, StringComparison.Ordinal));
    }

    [Fact]
    public void What_falls_into_the_night_waits_shows_until_when_and_leaves_in_the_morning()
    {
        var hours = "-QuietHours 18:00-08:00 -SenderTimeZone UTC";
        var planned = Values<DateTimeOffset?>($"$people = @(Test-DropboxUserStatus | Where-Object Stage -eq AwaitingActivation); ($people | Send-ActivationNotice {hours} -WhatIf | Where-Object State -eq Waiting).NotBefore");
        Assert.NotEmpty(planned);
        Assert.Empty(_session.Run("Get-ActivationNotice").Clean().Output);

        var sums = Values<int>($$"""
            $first = @(Invoke-SilentProvisioning {{hours}})[0]
            $first.Waiting
            @(Get-ActivationNotice -State Waiting).Count
            for ($hour = 0; $hour -lt 24; $hour++) { $sandbox.Advance([timespan]::FromHours(1)); $last = @(Invoke-SilentProvisioning {{hours}})[0] }
            $last.Waiting
            @($sandbox.Outbox).Count
            ([System.Collections.Generic.HashSet[string]]$sandbox.Outbox.To).Count
            @(Test-DropboxUserStatus | Where-Object Stage -eq AwaitingActivation).Count
            """);
        Assert.Equal(planned.Count, sums[0]);
        Assert.Equal(sums[0], sums[1]);
        Assert.Equal(0, sums[2]);
        Assert.Equal([sums[5], sums[5]], [sums[3], sums[4]]);
    }

    [Fact]
    public void Who_opted_out_is_not_told_and_a_list_that_cannot_be_read_stops_everything()
    {
        var file = Path.Combine(_folder, "out.csv");
        var told = Values<string>($$"""
            $people = @(Test-DropboxUserStatus | Where-Object Stage -eq AwaitingActivation)
            [IO.File]::WriteAllText('{{file}}', "Email,OktaUserId`n$($people[0].Email.ToUpper()),`n,$($people[1].OktaUserId)`n")
            ($people | Send-ActivationNotice -OptOutPath {{file}} | Where-Object { $_.Reason -like '*opt-out*' }).Email
            $people[0].Email
            $people[1].Email
            """);
        Assert.Equal(told[2..], told[..2]);
        File.AppendAllText(file, "nobody,\n");
        Assert.Equal(["InvalidCsv"], Ids($"$people | Send-ActivationNotice -OptOutPath {file} -ResendUnknown"));
        Assert.Equal(["FileNotFound"], Ids($"Invoke-SilentProvisioning -OptOutPath {file}.none"));
    }

    [Theory]
    [InlineData("-ReminderAfter 7, 3", "InvalidReminder")]
    [InlineData("-ReminderAfter 3, 3", "InvalidReminder")]
    [InlineData("-EscalateToManager", "ConflictingParameters")]
    [InlineData("-MaximumReminder 2", "ConflictingParameters")]
    [InlineData("-QuietHours night", "InvalidQuietHours")]
    [InlineData("-SenderTimeZone Nowhere", "InvalidTimeZone")]
    [InlineData("-DigestTo 'no address'", "InvalidAddress")]
    [InlineData("-Language xx", "TemplateNotFound")]
    public void What_cannot_be_is_refused_before_anybody_is_told(string parameters, string errorId)
    {
        Assert.Equal([errorId], Ids($"Invoke-SilentProvisioning {parameters}"));
        Assert.Equal([0], Values<int>("$sandbox.Outbox.Count"));
    }

    [Fact]
    public void Samples_are_written_and_nothing_is_sent()
    {
        var files = _session.Run($"Send-ActivationNotice -Preview -PreviewPath {_folder}/samples").Clean().Output;
        Assert.Equal(1 + (5 * 6 * 2), files.Count);
        Assert.Equal(Path.Combine(_folder, "samples", "index.html"), ((FileInfo)files[0].BaseObject).FullName);
        Assert.Contains("Sandbox", File.ReadAllText(Path.Combine(_folder, "samples", "de", "Activation.txt")), StringComparison.OrdinalIgnoreCase);
        Assert.Empty(_session.Run($"Test-DropboxUserStatus | Send-ActivationNotice -Preview -PreviewPath {_folder}/none -WhatIf").Clean().Output);
        Assert.False(Directory.Exists(Path.Combine(_folder, "none")));
        Assert.Equal([0], Values<int>("$sandbox.Outbox.Count"));
        Assert.Empty(_session.Run("Get-ActivationNotice").Clean().Output);
    }

    private List<T> Values<T>(string script) => [.. _session.Run(script).Clean().Output.Select(value => LanguagePrimitives.ConvertTo<T>(value))];

    private IEnumerable<string> Ids(string script) => _session.Run(script).Errors.Select(error => error.FullyQualifiedErrorId.Split(',')[0]);
}
